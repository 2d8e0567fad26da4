// What the client and the server call each other's messages and commands; nothing else knows names.
// A test compares them with the server's own.

export const SUGGESTIONS = "proactive/suggestions";
export const STATUS = "proactive/status";
export const EVENT = "proactive/event";
export const DID_SHOW = "proactive/didShow";

/** A text that a model wrote and that belongs into no file. */
export const WRITTEN = "proactive/written";
/** Whether the machine runs on battery. */
export const POWER = "proactive/power";

export const SERVER = {
  accepted: "proactive.server.accepted",
  dismiss: "proactive.server.dismiss",
  muteKind: "proactive.server.muteKind",
  snooze: "proactive.server.snooze",
  explain: "proactive.server.explain",
  forgetLearned: "proactive.server.forgetLearned",
  forgetEvents: "proactive.server.forgetEvents",
  show: "proactive.server.show",
  pull: "proactive.server.pull",
  status: "proactive.server.status",
} as const;

// The third argument of `accepted`: a model is to write the edit first.
export const WRITE = "write";

export const ACTION_KIND = "quickfix.proactive";
export const SOURCE = "proactive";

export interface Position {
  readonly line: number;
  readonly character: number;
}

/** From `start` up to, not including, `end`; positions count UTF-16 code units from 0. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Where something is owed; `after` is null where only the user can say what belongs there. */
export interface Place {
  readonly uri: string;
  readonly range: Range;
  readonly before: string;
  readonly after: string | null;
  readonly certain: boolean;
  readonly note: string;
  readonly whole: boolean;
}

/** One suggestion; `uri` is the file that woke it. */
export interface Card {
  readonly id: string;
  readonly need: string;
  readonly title: string;
  readonly uri: string;
  readonly range: Range;
  readonly places: readonly Place[];
  readonly p: number;
  readonly trigger: string;
  readonly byModel: boolean;
  /** Whether a model can write what accepting needs. */
  readonly writable: boolean;
  /** A text that belongs into no file, such as the draft of a commit message. */
  readonly text: string;
}

export interface Status {
  readonly state: string;
  readonly count: number;
  /** What is wrong with the model; empty when nothing is. */
  readonly message: string;
  /** The name of the model; empty when none is used, or an older server does not say. */
  readonly model: string;
  /** How the model is, in the server's words: ready, pulling and others. */
  readonly modelState: string;
}

/** The cards of a `proactive/suggestions` message; what is no card is left out. */
export function cardsOf(params: unknown): Card[] {
  const list = (params as { suggestions?: unknown } | null)?.suggestions;
  return Array.isArray(list) ? list.flatMap((item) => cardOf(item) ?? []) : [];
}

/** The status of a `proactive/status` message, as far as it is there. */
export function statusOf(params: unknown): Status {
  const fields = asObject(params);
  return {
    state: text(fields["state"]) || "quiet",
    count: typeof fields["count"] === "number" ? fields["count"] : 0,
    message: text(fields["message"]),
    model: text(fields["model"]) || text(asObject(fields["model"])["name"]),
    modelState: text(asObject(fields["model"])["state"]),
  };
}

/** What `proactive/written` hands over. */
export function writtenOf(params: unknown): { id: string; folder: string; text: string } {
  const { id, folder, text: written } = asObject(params);
  return { id: text(id), folder: text(folder), text: text(written) };
}

export function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function cardOf(item: unknown): Card | undefined {
  const fields = asObject(item);
  const range = rangeOf(fields["range"]);
  const id = text(fields["id"]);
  const uri = text(fields["path"]);
  if (!id || !uri || range === undefined) {
    return undefined;
  }
  const places = Array.isArray(fields["places"]) ? fields["places"] : [];
  return {
    id,
    need: text(fields["need"]),
    title: text(fields["title"]),
    uri,
    range,
    places: places.flatMap((place) => placeOf(place) ?? []),
    p: typeof fields["p"] === "number" ? fields["p"] : 0,
    trigger: text(fields["trigger"]),
    byModel: fields["byModel"] === true,
    writable: fields["writable"] === true,
    text: text(fields["text"]),
  };
}

function placeOf(item: unknown): Place | undefined {
  const fields = asObject(item);
  const range = rangeOf(fields["range"]);
  const uri = text(fields["uri"]);
  if (!uri || range === undefined) {
    return undefined;
  }
  return {
    uri,
    range,
    before: text(fields["before"]),
    after: typeof fields["after"] === "string" ? fields["after"] : null,
    certain: fields["certain"] !== false,
    note: text(fields["note"]),
    whole: fields["whole"] === true,
  };
}

function rangeOf(value: unknown): Range | undefined {
  const fields = asObject(value);
  const start = positionOf(fields["start"]);
  const end = positionOf(fields["end"]);
  return start !== undefined && end !== undefined ? { start, end } : undefined;
}

function positionOf(value: unknown): Position | undefined {
  const { line, character } = asObject(value);
  return typeof line === "number" && typeof character === "number"
    ? { line, character }
    : undefined;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
