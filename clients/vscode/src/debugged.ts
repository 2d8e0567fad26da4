// Programs under the debugger, as events: that one started, and how it ended as far as anyone knows.

import type { Clock } from "./clock.js";
import type { Event } from "./outbox.js";
import { commandEvent } from "./terminal.js";

/** A session of the debugger; one that another one began, as for a child process, has a parent. */
export interface Session {
  readonly id: string;
  readonly name: string;
  readonly folder?: string;
  readonly parent?: Session;
}

interface Run {
  readonly at: number;
  ended: boolean;
}

/** Knows the sessions that run. Only the first of a family is told, and its end once. */
export class Debugged {
  private readonly running = new Map<string, Run>();

  constructor(private readonly clock: Clock) {}

  started(session: Session): Event | undefined {
    if (session.parent !== undefined) {
      return undefined;
    }
    this.running.set(session.id, { at: this.clock.now(), ended: false });
    return phase(session, "started");
  }

  /** The program ended by itself and said how. */
  exited(session: Session, exit: number): Event | undefined {
    const root = rootOf(session);
    const run = this.running.get(root.id);
    if (run === undefined || run.ended) {
      return undefined;
    }
    run.ended = true;
    return commandEvent({
      line: lineOf(root),
      exit,
      seconds: (this.clock.now() - run.at) / 1_000,
      ...(root.folder === undefined ? {} : { folder: root.folder }),
    });
  }

  /** The session is over; when nobody said how the program ended, it was stopped. */
  terminated(session: Session): Event | undefined {
    const run = this.running.get(session.id);
    this.running.delete(session.id);
    return run === undefined || run.ended ? undefined : phase(session, "stopped");
  }
}

function phase(session: Session, now: "started" | "stopped"): Event | undefined {
  const { folder } = session;
  const event = commandEvent({
    line: lineOf(session),
    exit: 0,
    ...(folder === undefined ? {} : { folder }),
  });
  return event?.type === "command" ? { ...event, phase: now } : undefined;
}

function rootOf(session: Session): Session {
  return session.parent === undefined ? session : rootOf(session.parent);
}

function lineOf({ name }: Session): string {
  return `debug ${name}`;
}
