// Time as an argument, so that a test moves it; and two ways to do less often what is asked often.

/** Milliseconds from anywhere; `after` gives back what calls it off. */
export interface Clock {
  now(): number;
  after(milliseconds: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

/**
 * Runs once nobody has poked it for so long. A poke costs an assignment: one timer stands at a
 * time, and looks again when it fires too early.
 */
export class Rest {
  private poked = 0;
  private stop: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly milliseconds: number,
    private readonly run: () => void,
  ) {}

  poke(): void {
    this.poked = this.clock.now();
    this.stop ??= this.clock.after(this.milliseconds, () => this.look());
  }

  dispose(): void {
    this.stop?.();
    this.stop = undefined;
  }

  private look(): void {
    const left = this.poked + this.milliseconds - this.clock.now();
    if (left > 0) {
      this.stop = this.clock.after(left, () => this.look());
      return;
    }
    this.stop = undefined;
    this.run();
  }
}

/** Runs soon after the first poke, once for all that come until then. */
export class Gather {
  private stop: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly milliseconds: number,
    private readonly run: () => void,
  ) {}

  poke(): void {
    this.stop ??= this.clock.after(this.milliseconds, () => {
      this.stop = undefined;
      this.run();
    });
  }

  dispose(): void {
    this.stop?.();
    this.stop = undefined;
  }
}
