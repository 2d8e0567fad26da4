// What a card asks for: how it is accepted, what it is called, where it lies.

import { locate } from "./paths.js";
import type { Card, Place, Range } from "./protocol.js";

/** How a card is accepted: by an edit, by one that a model writes first, by a text, by looking. */
export type Way = "edit" | "write" | "text" | "show";

/** A card in its folder. The same project opened twice has the same ids in both. */
export interface Standing {
  readonly card: Card;
  readonly folder: string;
  readonly key: string;
}

// What belongs to the workspace more than to a line of it.
const WORKSPACE_KINDS: ReadonlySet<string> = new Set(["commit-message", "changelog"]);
const MESSAGE = "commit-message";
const DRAFT = "Commit message: ";

export function standing(card: Card, folders: readonly string[]): Standing {
  const folder = locate(card.uri, folders)?.folder ?? "";
  return { card, folder, key: `${card.id} ${folder}` };
}

/** Whether two lists say the same, so that nobody need look at the second. */
export function same(one: readonly Standing[], other: readonly Standing[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The one way; a card that only points is looked at. */
export function wayOf(card: Card): Way {
  if (card.places.some((place) => place.after !== null)) {
    return "edit";
  }
  if (isCommitMessage(card)) {
    // Its draft is there at once; to have it written better is a wish of its own.
    return "text";
  }
  if (card.writable) {
    return "write";
  }
  return card.places.length === 0 ? "text" : "show";
}

export function isWorkspaceTask(card: Card): boolean {
  return WORKSPACE_KINDS.has(card.need) || card.places.length === 0;
}

export function isCommitMessage(card: Card): boolean {
  return card.need === MESSAGE;
}

/** The text that a card without places has to give: as the server says it, else from its title. */
export function draftOf(card: Card): string {
  if (card.text) {
    return card.text;
  }
  return card.title.startsWith(DRAFT) ? card.title.slice(DRAFT.length) : card.title;
}

/**
 * The box with a draft put in, or undefined when it holds words of the user's own.
 *
 * What git itself put there, comment lines and blank ones, is nobody's own.
 */
export function filledBox(current: string, draft: string): string | undefined {
  const own = current.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  if (own.length > 0 && current.trim() !== draft) {
    return undefined;
  }
  const rest = current.split("\n").filter((line) => line.startsWith("#"));
  return rest.length > 0 && own.length === 0 ? [draft, "", ...rest].join("\n") : draft;
}

/**
 * Which of the repositories is the folder's: the deepest that holds it, else the only one in it, else
 * the only one there is; undefined when that is anybody's guess. All are URIs.
 */
export function repositoryOf(folder: string, roots: readonly string[]): number | undefined {
  const numbers = roots.map((_, number) => number);
  const holding = numbers.filter((number) => `${folder}/`.startsWith(`${roots[number]}/`));
  if (holding.length > 0) {
    return holding.reduce((one, other) =>
      roots[other]!.length > roots[one]!.length ? other : one,
    );
  }
  const inside = numbers.filter((number) => folder && roots[number]!.startsWith(`${folder}/`));
  if (inside.length > 0) {
    return inside.length === 1 ? inside[0] : undefined;
  }
  return roots.length === 1 ? 0 : undefined;
}

/** The places one after the other that "open" goes to; a card without any leads to its trigger. */
export function stopsOf(card: Card): readonly { uri: string; range: Range }[] {
  return card.places.length > 0 ? card.places : [{ uri: card.uri, range: card.range }];
}

/** The first card that touches a line, at a place or at its trigger; the newest wins. */
export function cardAt(
  cards: readonly Standing[],
  uri: string,
  line: number,
): Standing | undefined {
  const newest = [...cards].reverse();
  return (
    newest.find(({ card }) =>
      card.places.some((place) => place.uri === uri && holds(place.range, line)),
    ) ?? newest.find(({ card }) => card.uri === uri && holds(card.range, line))
  );
}

export function holds(range: Range, line: number): boolean {
  return range.start.line <= line && line <= range.end.line;
}

/** One line for a place: its note, what it becomes, or where it is. */
export function placeLabel(place: Place): string {
  const text = place.note || place.after || place.before || (place.whole ? "the whole file" : "");
  const line = text.split(/\s+/).filter(Boolean).join(" ");
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

/** A percentage for the user; the server's p has four decimals. */
export function chance(p: number): string {
  return `${Math.round(100 * p)} %`;
}
