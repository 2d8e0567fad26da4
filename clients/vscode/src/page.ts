// A page of ours: HTML that VS Code rendered from Markdown, in the editor's own colours.

export const GO_TO = "proactive.goTo";

/** A link of a page to a line counted from 1. Links to files are none that a page may have. */
export function pageAddress(uri: string, line: string | undefined): string {
  const target = [uri, Number(line ?? 1) - 1];
  // Parentheses would end a link of Markdown, and are not encoded otherwise.
  const query = encodeURIComponent(JSON.stringify(target)).replace(
    /[()']/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  return `command:${GO_TO}?${query}`;
}

/** The whole page. Nothing in it can run or be fetched, whatever the text holds. */
export function htmlPage(body: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body { line-height: 1.5; max-width: 60em; padding: 0.5em 1.5em 2em; }
h1, h2, h3 { font-weight: 600; line-height: 1.3; }
h1 { font-size: 1.6em; } h2 { font-size: 1.3em; } h3 { font-size: 1.1em; }
code, pre { font-family: var(--vscode-editor-font-family); }
pre { background: var(--vscode-textCodeBlock-background); overflow: auto; padding: 0.8em; }
td, th { padding: 0.2em 1em 0.2em 0; text-align: left; vertical-align: top; }
</style>
</head>
<body>
${body}
</body>
</html>
`;
}
