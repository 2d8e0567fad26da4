export interface Leg {
  from: string;
  to: string;
  kilometres: number;
  climb: number;
}

export class BadLegError extends Error {
  constructor(readonly leg: Leg, reason: string) {
    super(`${leg.from} to ${leg.to}: ${reason}`);
  }
}

/** How many hours a leg takes: four kilometres an hour, and one more for each 400 metres up. */
export function duration(leg: Leg): number {
  return leg.kilometres / 4 + leg.climb / 400;
}
