// The server's explanation with its proofs as links to the lines.

import { inside } from "./paths.js";

// As the server cites, escaped for Markdown: "… (src/shapes.py:12)", "… (src/shapes.py)" behind a
// fact, "- src/shapes.py:12: …" before a place.
const PATH = /(?<path>(?:\\.|[^\s()`\\:])+)/.source;
const CITED = new RegExp(
  `(?<=\\()${PATH}(?::(?<line>\\d+))?(?=\\)(?:[\\s.,;]|$))|(?<=^- )${PATH.replace("path", "listed")}:(?<at>\\d+)(?=:|$)`,
  "gm",
);

/**
 * The same Markdown in which each cited file of the folder is a link, lines counted from 1.
 *
 * `isFile` tells which words in parentheses are files; others stay what they are. `address` says
 * where a link leads.
 */
export function linked(
  markdown: string,
  folder: string,
  isFile: (uri: string) => boolean,
  address: (uri: string, line: string | undefined) => string = fileAddress,
): string {
  return markdown.replace(CITED, (whole: string, ...found: unknown[]) => {
    const groups = found.at(-1) as Record<string, string | undefined>;
    const path = (groups["path"] ?? groups["listed"] ?? "").replace(/\\(.)/g, "$1");
    const line = groups["line"] ?? groups["at"];
    const uri = path.includes(".") || line !== undefined ? inside(folder, path) : undefined;
    if (uri === undefined || !isFile(uri)) {
      return whole;
    }
    return `[${whole}](<${address(uri, line)}>)`;
  });
}

/** The files that an explanation cites, to be looked for before it is linked. */
export function cited(markdown: string, folder: string): string[] {
  const uris = new Set<string>();
  linked(markdown, folder, (uri) => (uris.add(uri), false));
  return [...uris];
}

/** The line of the file; what a hover follows. */
function fileAddress(uri: string, line: string | undefined): string {
  return line === undefined ? uri : `${uri}#L${line}`;
}
