// A command that ended, in a terminal, a task or a debugger, as an event.

import type { Event } from "./outbox.js";

const LONGEST_LINE = 500;
const LONGEST_TAIL = 4_000;
const ECHO_SECONDS = 3;

export interface Ended {
  readonly line: string;
  /** Undefined when nobody knows, as after Ctrl+C in some shells; then nothing is told. */
  readonly exit: number | undefined;
  readonly seconds?: number;
  readonly output?: string;
  readonly folder?: string;
}

/** The event of an ended command. Its output is told only of one that failed. */
export function commandEvent(ended: Ended): Event | undefined {
  const line = ended.line.trim().slice(0, LONGEST_LINE);
  if (line === "" || ended.exit === undefined || !Number.isInteger(ended.exit)) {
    return undefined;
  }
  const tail = ended.exit === 0 ? "" : tailOf(ended.output ?? "");
  return {
    type: "command",
    ...(ended.folder ? { folder: ended.folder } : {}),
    line,
    exit: ended.exit,
    ...(ended.seconds === undefined ? {} : { seconds: Math.round(ended.seconds * 1_000) / 1_000 }),
    ...(tail ? { tail } : {}),
  };
}

/** The event of a task in the group of tests. */
export function testEvent(
  name: string,
  exit: number | undefined,
  folder?: string,
): Event | undefined {
  if (exit === undefined || name === "") {
    return undefined;
  }
  return {
    type: "test",
    ...(folder ? { folder } : {}),
    name,
    outcome: exit === 0 ? "passed" : "failed",
  };
}

/** Keeps the end of a stream of output, whatever its length. */
export class Tail {
  private text = "";

  add(piece: string): void {
    this.text = (this.text + piece).slice(-4 * LONGEST_TAIL);
  }

  get end(): string {
    return tailOf(this.text);
  }
}

/** The last lines of output, without colours and cursor movements. */
export function tailOf(output: string): string {
  const plain = output
    .replace(/\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)/g, "")
    .replace(/\x1b\[[0-?]*[ -/]*[@-~]/g, "")
    .replace(/\x1b[@-_]/g, "")
    .replace(/\r\n/g, "\n")
    .replace(/[^\n]*\r(?!\n)/g, "")
    .replace(/[\x00-\x08\x0b-\x1f\x7f]/g, "");
  const end = plain.trimEnd().slice(-LONGEST_TAIL);
  const cut = end.length < plain.trimEnd().length ? end.indexOf("\n") : -1;
  return end.slice(cut + 1);
}

/** A task runs in a terminal whose shell tells of the same command again; the second is no news. */
export class Echoes {
  private readonly told = new Map<string, { by: string; at: number }>();

  /**
   * Whether nobody else told of this within three seconds; `now` in seconds.
   *
   * Who tells of it twice saw it twice.
   */
  isNew(by: string, line: string, exit: number, now: number): boolean {
    for (const [key, { at }] of this.told) {
      if (now - at > ECHO_SECONDS) {
        this.told.delete(key);
      }
    }
    const key = `${exit} ${line.trim()}`;
    const first = this.told.get(key);
    if (first !== undefined && first.by !== by) {
      return false;
    }
    this.told.set(key, { by, at: now });
    return true;
  }
}
