// Which cards the user had before the eyes for at least a second, and which were then left alone.

import type { Standing } from "./cards.js";
import type { Clock } from "./clock.js";

export const LONG_ENOUGH = 1_000;
// After so long on screen without an answer, looking elsewhere means that it was left alone.
export const PATIENCE = 300_000;

interface Look {
  since: number | undefined;
  total: number;
  told: boolean;
}

/** Told of what is on screen; tells of each card once that it was shown, once that it was ignored. */
export class Seen {
  private readonly looks = new Map<string, Look>();
  private visible: ReadonlySet<string> = new Set();
  private standing = new Map<string, Standing>();
  private timer: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly shown: (card: Standing) => void,
    private readonly ignored: (card: Standing) => void,
  ) {}

  /** These cards stand now; what is gone needs no answer any more. */
  stand(cards: readonly Standing[]): void {
    this.standing = new Map(cards.map((card) => [card.key, card]));
    for (const key of [...this.looks.keys()]) {
      if (!this.standing.has(key)) {
        this.looks.delete(key);
      }
    }
  }

  /** These cards are on screen from now on, until the next call. */
  look(keys: ReadonlySet<string>): void {
    const now = this.clock.now();
    this.visible = keys;
    for (const key of keys) {
      const look = this.looks.get(key) ?? { since: undefined, total: 0, told: false };
      look.since ??= now;
      this.looks.set(key, look);
    }
    for (const [key, look] of this.looks) {
      if (!keys.has(key) && look.since !== undefined) {
        this.lookAway(key, look, now);
      }
    }
    this.wait();
  }

  dispose(): void {
    this.timer?.();
  }

  private lookAway(key: string, look: Look, now: number): void {
    look.total += now - look.since!;
    if (!look.told && now - look.since! >= LONG_ENOUGH) {
      this.tell(key, look);
    }
    look.since = undefined;
    const card = this.standing.get(key);
    if (look.told && look.total >= PATIENCE && card !== undefined) {
      this.standing.delete(key);
      this.looks.delete(key);
      this.ignored(card);
    }
  }

  private wait(): void {
    this.timer?.();
    this.timer = undefined;
    const now = this.clock.now();
    const due = [...this.visible]
      .map((key) => this.looks.get(key))
      .filter((look) => look !== undefined && !look.told)
      .map((look) => look!.since! + LONG_ENOUGH - now);
    if (due.length > 0) {
      this.timer = this.clock.after(Math.max(0, Math.min(...due)), () => this.due());
    }
  }

  private due(): void {
    const now = this.clock.now();
    for (const key of this.visible) {
      const look = this.looks.get(key);
      if (
        look !== undefined &&
        !look.told &&
        look.since !== undefined &&
        now - look.since >= LONG_ENOUGH
      ) {
        this.tell(key, look);
      }
    }
    this.wait();
  }

  private tell(key: string, look: Look): void {
    look.told = true;
    const card = this.standing.get(key);
    if (card !== undefined) {
      this.shown(card);
    }
  }
}
