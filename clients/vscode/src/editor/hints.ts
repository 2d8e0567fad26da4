// The hints on screen, by the ids that the server put into them.

import { type Diagnostic, languages, Position, Range, type Uri } from "vscode";

import { asObject, SOURCE } from "../protocol.js";

export interface Hint {
  readonly id: string;
  readonly range: Range;
}

export function hintsOf(uri: Uri): Hint[] {
  return languages.getDiagnostics(uri).flatMap((diagnostic) => hintOf(diagnostic) ?? []);
}

export function hintsAt(uri: Uri, at: { line: number; character: number }): Hint[] {
  return hintsOf(uri).filter(({ range }) => range.contains(new Position(at.line, at.character)));
}

function hintOf(diagnostic: Diagnostic): Hint | undefined {
  if (diagnostic.source !== SOURCE) {
    return undefined;
  }
  // The language client keeps what the server sent along with a diagnostic.
  const id = asObject((diagnostic as { data?: unknown }).data)["id"];
  return typeof id === "string" ? { id, range: diagnostic.range } : undefined;
}
