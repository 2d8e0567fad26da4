// Where "next suggestion" and "previous suggestion" go: from place to place, file by file, in a ring.

import { type Standing, stopsOf } from "./cards.js";
import type { Position } from "./protocol.js";

export interface Stop {
  readonly uri: string;
  readonly at: Position;
  readonly standing: Standing;
}

/** Every place of every card, the files by name and each from its top; each line once. */
export function stops(cards: readonly Standing[]): Stop[] {
  const all = cards.flatMap((standing) =>
    stopsOf(standing.card).map(({ uri, range }) => ({ uri, at: range.start, standing })),
  );
  all.sort(
    (one, other) =>
      compare(one.uri, other.uri) ||
      one.at.line - other.at.line ||
      one.at.character - other.at.character,
  );
  return all.filter(
    (stop, number) =>
      number === 0 ||
      all[number - 1]!.uri !== stop.uri ||
      all[number - 1]!.at.line !== stop.at.line,
  );
}

/** The next stop after the cursor, or before it when going back; undefined when there is none. */
export function neighbour(
  cards: readonly Standing[],
  here: { uri: string; line: number } | undefined,
  direction: 1 | -1,
): Stop | undefined {
  const all = stops(cards);
  if (direction === -1) {
    all.reverse();
  }
  if (here === undefined) {
    return all[0];
  }
  const past = (stop: Stop) =>
    direction * (compare(stop.uri, here.uri) || stop.at.line - here.line) > 0;
  return all.find(past) ?? all[0];
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
