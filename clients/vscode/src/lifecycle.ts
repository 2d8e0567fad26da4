// Start, stop and restart of one server: one after the other, and with growing waits after a crash.

import type { Clock } from "./clock.js";
import type { Health } from "./status.js";

/** Waits before each restart in a row, in milliseconds. After the last one, the user is asked. */
export const WAITS: readonly number[] = [1_000, 2_000, 5_000, 15_000, 30_000];
// A server that lived so long starts counting anew.
export const STEADY = 300_000;

export type Started = "running" | "missing" | "off";

export interface Work {
  /** Start a server; rejects when it does not come up. */
  start(): Promise<Started>;
  /** Stop it and wait for its end; never rejects. */
  stop(): Promise<void>;
  changed(health: Health): void;
  /** It was restarted as often as it may be. */
  gaveUp(reason: string): void;
}

export class Lifecycle {
  private queue: Promise<void> = Promise.resolve();
  private wanted = false;
  private current: Health = "off";
  private crashes = 0;
  private since = 0;
  private callOff: (() => void) | undefined;

  constructor(
    private readonly work: Work,
    private readonly clock: Clock,
  ) {}

  get health(): Health {
    return this.current;
  }

  /** Start, unless it runs; by the user's wish, so the count of crashes begins anew. */
  start(): Promise<void> {
    this.wanted = true;
    this.crashes = 0;
    this.callOff?.();
    return this.next(() => this.begin());
  }

  stop(): Promise<void> {
    this.wanted = false;
    this.callOff?.();
    return this.next(() => this.end());
  }

  /** Stop and start, both in one turn: nothing comes in between. */
  restart(): Promise<void> {
    this.wanted = true;
    this.crashes = 0;
    this.callOff?.();
    return this.next(async () => {
      await this.end("starting");
      await this.begin();
    });
  }

  /** Resolves once everything that was asked for so far has happened. */
  async settled(): Promise<void> {
    let last: Promise<void>;
    do {
      last = this.queue;
      await last;
    } while (last !== this.queue);
  }

  /** The server ended by itself. */
  crashed(reason: string): void {
    if (this.current !== "running" || !this.wanted) {
      return;
    }
    if (this.clock.now() - this.since >= STEADY) {
      this.crashes = 0;
    }
    this.again(reason);
  }

  private next(run: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(run);
    return this.queue;
  }

  private async begin(): Promise<void> {
    if (!this.wanted || this.current === "running") {
      return;
    }
    this.become("starting");
    try {
      this.become(await this.work.start());
      this.since = this.clock.now();
    } catch (error) {
      await this.work.stop();
      this.again(error instanceof Error ? error.message : String(error));
    }
  }

  private async end(then: Health = "off"): Promise<void> {
    if (this.current === "running" || this.current === "starting") {
      await this.work.stop();
    }
    this.become(then);
  }

  private again(reason: string): void {
    const wait = WAITS[this.crashes];
    if (wait === undefined) {
      this.become("failed");
      this.work.gaveUp(reason);
      return;
    }
    this.crashes += 1;
    this.become("waiting");
    const off = this.clock.after(wait, () => {
      this.callOff = undefined;
      void this.next(async () => {
        if (this.current === "waiting") {
          await this.work.stop();
          await this.begin();
        }
      });
    });
    this.callOff = () => {
      this.callOff = undefined;
      off();
    };
  }

  private become(health: Health): void {
    if (health !== this.current) {
      this.current = health;
      this.work.changed(health);
    }
  }
}
