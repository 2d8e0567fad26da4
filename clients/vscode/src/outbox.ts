// What may be told to the server: nothing before trust or where files lie on no disk, nothing that is
// switched off.

import { isOpen, type Surroundings } from "./options.js";
import { locate } from "./paths.js";
import type { Range } from "./protocol.js";

export type Kind = "focus" | "terminal" | "tasks" | "debug" | "diagnostics" | "git";

/** The switches, as `proactive.events.*` has them; `terminalOutput` goes with `terminal`. */
export interface Switches extends Record<Kind, boolean> {
  readonly terminalOutput: boolean;
}

export interface Consent {
  readonly around: Surroundings;
  readonly running: boolean;
  readonly switches: Switches;
}

/** An event as the server reads it; the time is set there. */
export type Event =
  | { type: "focus"; folder: string; path: string; range?: Range; window?: "left" | "back" }
  | {
      type: "command";
      folder?: string;
      line: string;
      exit: number;
      seconds?: number;
      tail?: string;
      phase?: "started" | "stopped";
    }
  | { type: "test"; folder?: string; name: string; outcome: "passed" | "failed" }
  | { type: "diagnostics"; folder: string; path: string; source: string; items: readonly Finding[] }
  // Only a signal: what happened is read from the repository, whatever stands here.
  | { type: "git"; folder?: string; op: "stage" }
  | { type: "answer"; folder?: string; id: string; op: "ignored" };

export interface Finding {
  readonly range: Range;
  /** As the protocol counts: 1 error, 2 warning, 3 information, 4 hint. */
  readonly severity: number;
  readonly message: string;
  readonly code?: string;
}

export function mayTell(kind: Kind, consent: Consent): boolean {
  return isOpen(consent.around) && consent.running && consent.switches[kind];
}

/**
 * The focus on a file; undefined for one that the server does not know.
 *
 * `window` says that the user left the editor there, or came back to it.
 */
export function focusOn(
  uri: string,
  range: Range | undefined,
  folders: readonly string[],
  window?: "left" | "back",
): Event | undefined {
  const located = locate(uri, folders);
  if (located === undefined) {
    return undefined;
  }
  return {
    type: "focus",
    ...located,
    ...(range === undefined ? {} : { range }),
    ...(window === undefined ? {} : { window }),
  };
}

/** Lets each event through that differs from the one before; looking twice at a place is one look. */
export class Once {
  private last = "";

  isNew(event: Event): boolean {
    const text = JSON.stringify(event);
    const isNew = text !== this.last;
    this.last = text;
    return isNew;
  }
}
