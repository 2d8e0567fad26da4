// The tree "Proactive" as plain values: workspace tasks on top, then files, the newest card first.

import { chance, isWorkspaceTask, placeLabel, type Standing, wayOf } from "./cards.js";
import { shown } from "./paths.js";
import type { Place } from "./protocol.js";

export interface Node {
  /** The same for the same thing in the next list, so that what was unfolded stays so. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** What a screen reader says. */
  readonly spoken: string;
  /** What the menus of package.json look at. */
  readonly context: "file" | "card" | "card.pointing" | "place";
  readonly icon: string;
  readonly uri?: string;
  readonly standing?: Standing;
  readonly place?: Place;
  readonly number?: number;
  readonly children: readonly Node[];
}

const ICONS: Record<string, string> = {
  "commit-message": "git-commit",
  changelog: "versions",
  "merge-conflict": "git-merge",
  predicted: "sparkle",
};

/** The roots; `cards` are oldest first, as the server lists them. */
export function treeOf(cards: readonly Standing[], folders: readonly string[]): readonly Node[] {
  const newest = [...cards].reverse();
  const files = new Map<string, Standing[]>();
  for (const each of newest.filter(({ card }) => !isWorkspaceTask(card))) {
    files.set(each.card.uri, [...(files.get(each.card.uri) ?? []), each]);
  }
  return [
    ...newest.filter(({ card }) => isWorkspaceTask(card)).map((each) => cardNode(each, folders)),
    ...[...files].map(([uri, own]) => fileNode(uri, own, folders)),
  ];
}

/**
 * Whether two trees look the same; what looks the same is not drawn again.
 *
 * Lines that moved within a card do not show, and whoever acts on a row asks for its card by id.
 */
export function sameTree(one: readonly Node[], other: readonly Node[]): boolean {
  return looks(one) === looks(other);
}

function looks(nodes: readonly Node[]): string {
  return JSON.stringify(nodes, (key, value: unknown) =>
    key === "standing" || key === "place" ? undefined : value,
  );
}

function fileNode(uri: string, own: readonly Standing[], folders: readonly string[]): Node {
  const path = shown(uri, folders);
  return {
    id: `file ${uri}`,
    label: path.slice(path.lastIndexOf("/") + 1),
    description: path.slice(0, Math.max(path.lastIndexOf("/"), 0)),
    spoken: `${path}, ${counted(own.length, "suggestion")}`,
    context: "file",
    icon: "",
    uri,
    children: own.map((each) => cardNode(each, folders)),
  };
}

function cardNode(standing: Standing, folders: readonly string[]): Node {
  const { card, key } = standing;
  const pointing = wayOf(card) === "show";
  const uncertain = card.places.filter((place) => place.after !== null && !place.certain).length;
  const by = card.byModel ? "foreseen by the model, " : "";
  const ticks = uncertain > 0 ? `, ${counted(uncertain, "place")} to confirm` : "";
  return {
    id: `card ${key}`,
    label: card.title,
    description: card.byModel ? `model, ${chance(card.p)}` : chance(card.p),
    spoken: `${card.title}, ${by}${chance(card.p)} likely wanted${ticks}`,
    context: pointing ? "card.pointing" : "card",
    icon: ICONS[card.need] ?? (pointing ? "eye" : "lightbulb"),
    standing,
    children:
      card.places.length > 1
        ? card.places.map((place, number) => placeNode(standing, place, number, folders))
        : [],
  };
}

function placeNode(
  standing: Standing,
  place: Place,
  number: number,
  folders: readonly string[],
): Node {
  const where = place.whole
    ? shown(place.uri, folders)
    : `${shown(place.uri, folders)}:${place.range.start.line + 1}`;
  const label = placeLabel(place) || where;
  return {
    id: `place ${standing.key} ${number}`,
    label,
    description: label === where ? "" : where,
    spoken: `${label}, ${where}${place.certain ? "" : ", to be confirmed"}`,
    context: "place",
    icon: place.after === null ? "eye" : place.certain ? "edit" : "question",
    standing,
    place,
    number,
    children: [],
  };
}

export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
