// What the tests share: cards in few words, and time that moves only when a test moves it.

import { type Standing, standing } from "../src/cards.js";
import type { Clock } from "../src/clock.js";
import type { Card, Place, Range } from "../src/protocol.js";

export const FOLDER = "file:///work";

export function lines(first: number, last = first): Range {
  return { start: { line: first, character: 0 }, end: { line: last, character: 4 } };
}

export function place(path: string, line: number, more: Partial<Place> = {}): Place {
  const range = lines(line);
  return {
    uri: `${FOLDER}/${path}`,
    range,
    before: "old",
    after: "new",
    certain: true,
    note: "",
    whole: false,
    ...more,
  };
}

export function card(id: string, more: Partial<Card> = {}): Card {
  return {
    id,
    need: "broken-call",
    title: `Card ${id}`,
    uri: `${FOLDER}/a.py`,
    range: lines(0),
    places: [place("a.py", 3)],
    p: 0.9,
    trigger: "save",
    byModel: false,
    writable: false,
    text: "",
    ...more,
  };
}

export function stand(...cards: Card[]): Standing[] {
  return cards.map((each) => standing(each, [FOLDER]));
}

export class TestClock implements Clock {
  private time = 0;
  private timers: { at: number; run: () => void }[] = [];
  made = 0;

  now(): number {
    return this.time;
  }

  after(milliseconds: number, run: () => void): () => void {
    const timer = { at: this.time + milliseconds, run };
    this.timers.push(timer);
    this.made += 1;
    return () => {
      this.timers = this.timers.filter((each) => each !== timer);
    };
  }

  /** Let so much time pass; what is due runs at its own moment. */
  pass(milliseconds: number): void {
    const end = this.time + milliseconds;
    for (;;) {
      this.timers.sort((one, other) => one.at - other.at);
      const next = this.timers[0];
      if (next === undefined || next.at > end) {
        break;
      }
      this.timers.shift();
      this.time = next.at;
      next.run();
    }
    this.time = end;
  }
}
