// What the server's `report` is asked for, and what is done with the page that it writes.

import type { Ran } from "./processes.js";

// A webview holds a page in memory twice over; a browser reads it from disk.
const MOST_IN_WEBVIEW = 4_000_000;
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

const GUARDED =
  /<head>\s*(<meta charset="[\w-]+">)?\s*<meta http-equiv="Content-Security-Policy"/;

/**
 * The arguments for a page about recorded sessions, over the commits of a repository if there is one;
 * `--` keeps odd names from being options.
 */
export function sessionArguments(
  files: readonly string[],
  page: string,
  repository?: string,
): string[] {
  const over = repository === undefined ? [] : ["--repo", repository];
  return ["report", "--html", page, ...over, "--", ...files];
}

/** The arguments for the scorecard of a folder. */
export function scorecardArguments(folder: string, page: string): string[] {
  return ["report", "--memory", "--workspace", folder, "--html", page];
}

/** Why there is no page, in one line; undefined when there is one. */
export function problemOf(ran: Ran): string | undefined {
  if (ran.exit === 0) {
    return undefined;
  }
  if (ran.missing) {
    return "the server is not there any longer";
  }
  if (/No such command/.test(ran.stderr)) {
    return "this server is too old to write reports";
  }
  const said = ran.stderr.trim().split("\n").pop()?.trim() ?? "";
  const why = said.replace(/^proactive-lsp: /, "");
  return why || (ran.exit === null ? "it took too long" : `the server ended with ${ran.exit}`);
}

/** Whether the page is for a webview or, too large for one, for the browser. */
export function placeOf(html: string): "webview" | "browser" {
  return html.length <= MOST_IN_WEBVIEW ? "webview" : "browser";
}

/** The page with a policy that forbids whatever it does not need, also if it came without one. */
export function guarded(html: string): string {
  const policy = `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`;
  return GUARDED.test(html) ? html : html.replace("<head>", `<head>${policy}`);
}
