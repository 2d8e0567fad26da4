// Which lines the user changed in each open file. A keystroke costs one append; lines are counted
// when somebody asks.

import type { Range } from "./protocol.js";

/** One replacement, as the editor tells it: the old range and how many lines the new text has. */
export interface Change {
  readonly range: Range;
  readonly text: string;
}

type Span = [first: number, last: number];

const MOST_SPANS = 200;
// Nobody asks where no other tool finds anything; so many keystrokes wait at most.
const MOST_PENDING = 1_000;

export class ChangedLines {
  private readonly pending = new Map<string, (readonly Change[])[]>();
  private readonly spans = new Map<string, Span[]>();

  /** The changes of one keystroke or command, in the order in which they were made. */
  append(uri: string, changes: readonly Change[]): void {
    const list = this.pending.get(uri);
    if (list === undefined) {
      this.pending.set(uri, [changes]);
    } else if (!sameLine(list.at(-1), changes)) {
      list.push(changes);
      if (list.length >= MOST_PENDING) {
        this.catchUp(uri);
      }
    }
  }

  forget(uri: string): void {
    this.pending.delete(uri);
    this.spans.delete(uri);
  }

  /** Whether any line from `first` to `last`, or one beside them, was changed since the file was opened. */
  near(uri: string, first: number, last: number): boolean {
    this.catchUp(uri);
    return (this.spans.get(uri) ?? []).some(([from, to]) => from <= last + 1 && first <= to + 1);
  }

  private catchUp(uri: string): void {
    const pending = this.pending.get(uri);
    if (pending === undefined) {
      return;
    }
    this.pending.delete(uri);
    let spans = this.spans.get(uri) ?? [];
    for (const change of pending.flat()) {
      spans = after(spans, change);
    }
    this.spans.set(uri, spans);
  }
}

/** Whether this is typed on within the line of the change before, which tells nothing new. */
function sameLine(before: readonly Change[] = [], changes: readonly Change[]): boolean {
  const [one, other] = [before[0], changes[0]];
  if (one === undefined || other === undefined || before.length + changes.length > 2) {
    return false;
  }
  return (
    one.range.start.line === other.range.start.line &&
    [one, other].every(
      ({ range, text }) => range.start.line === range.end.line && !text.includes("\n"),
    )
  );
}

/** The spans once a change was made: moved along behind it, merged with what it touches. */
function after(spans: readonly Span[], change: Change): Span[] {
  const { start, end } = change.range;
  const last = start.line + change.text.split("\n").length - 1;
  const moved = last - end.line;
  const merged: Span = [start.line, last];
  const others: Span[] = [];
  for (const [from, to] of spans) {
    if (to < start.line) {
      others.push([from, to]);
    } else if (from > end.line) {
      others.push([from + moved, to + moved]);
    } else {
      merged[0] = Math.min(merged[0], from);
      merged[1] = Math.max(merged[1], to > end.line ? to + moved : last);
    }
  }
  others.push(merged);
  return others.slice(-MOST_SPANS);
}
