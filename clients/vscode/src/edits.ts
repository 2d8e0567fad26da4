// A workspace edit as the server sends it: what it would make of each text, and whether to ask first.

import { asObject, type Range } from "./protocol.js";

export interface TextEdit {
  readonly range: Range;
  readonly newText: string;
  readonly annotationId?: string;
}

export interface FileEdits {
  readonly uri: string;
  /** The version it was made for; null for a file that is not open. */
  readonly version: number | null;
  readonly edits: readonly TextEdit[];
}

export interface WorkspaceEdit {
  readonly changes?: Readonly<Record<string, readonly TextEdit[]>>;
  readonly documentChanges?: readonly unknown[];
  readonly changeAnnotations?: Readonly<Record<string, { needsConfirmation?: boolean }>>;
}

/** The edits file by file; creating, renaming and deleting files is none. */
export function filesOf(edit: WorkspaceEdit): FileEdits[] {
  const listed = (edit.documentChanges ?? []).flatMap((change) => {
    const { textDocument, edits } = asObject(change);
    const { uri, version } = asObject(textDocument);
    if (typeof uri !== "string" || !Array.isArray(edits)) {
      return [];
    }
    return [
      { uri, version: typeof version === "number" ? version : null, edits: edits as TextEdit[] },
    ];
  });
  const plain = Object.entries(edit.changes ?? {}).map(([uri, edits]) => ({
    uri,
    version: null,
    edits,
  }));
  return [...listed, ...plain];
}

/** Whether some place of it waits for the user's tick, so that the editor shows its preview. */
export function asksFirst(edit: WorkspaceEdit): boolean {
  return Object.values(edit.changeAnnotations ?? {}).some(
    (annotation) => annotation.needsConfirmation === true,
  );
}

/** The text once the edits are made, each against the text as it stands. */
export function applied(text: string, edits: readonly TextEdit[]): string {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    starts.push(at + 1);
  }
  const offset = ({ line, character }: Range["start"]): number => {
    const start = starts[line];
    if (start === undefined) {
      return text.length;
    }
    const next = starts[line + 1];
    const end = next === undefined ? text.length : next - (text[next - 2] === "\r" ? 2 : 1);
    return Math.min(start + character, Math.max(end, start));
  };
  const sorted = edits.map((edit, number) => ({
    ...edit,
    number,
    from: offset(edit.range.start),
    to: offset(edit.range.end),
  }));
  // Equal starts keep the order in which they came, as the protocol says.
  sorted.sort((one, other) => one.from - other.from || one.number - other.number);
  let made = "";
  let done = 0;
  for (const { from, to, newText } of sorted) {
    made += text.slice(done, from) + newText;
    done = Math.max(done, to);
  }
  return made + text.slice(done);
}
