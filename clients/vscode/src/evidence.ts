// The server's explanation with its proofs as links to the lines.

import { inside } from "./paths.js";

// As the server cites: "… (src/shapes.py:12)" or "… (src/shapes.py)", escaped for Markdown.
const CITED = /\((?<path>(?:\\.|[^\s()`\\:])+)(?::(?<line>\d+))?\)(?=[\s.,;]|$)/gm;

/**
 * The same Markdown in which each cited file of the folder is a link, lines counted from 1.
 *
 * `isFile` tells which words in parentheses are files; others stay what they are.
 */
export function linked(markdown: string, folder: string, isFile: (uri: string) => boolean): string {
  return markdown.replace(CITED, (whole, escaped: string, line: string | undefined) => {
    const path = escaped.replace(/\\(.)/g, "$1");
    const uri = path.includes(".") || line !== undefined ? inside(folder, path) : undefined;
    if (uri === undefined || !isFile(uri)) {
      return whole;
    }
    const address = line === undefined ? uri : `${uri}#L${line}`;
    return `([${escaped}${line === undefined ? "" : `:${line}`}](<${address}>))`;
  });
}

/** The files that an explanation cites, to be looked for before it is linked. */
export function cited(markdown: string, folder: string): string[] {
  const uris = new Set<string>();
  linked(markdown, folder, (uri) => (uris.add(uri), false));
  return [...uris];
}
