import { BadLegError, duration, type Leg } from "./legs.js";

/** Throws for a leg that nobody walks in a day. */
export function checkLeg(leg: Leg): void {
  if (duration(leg) > 12) {
    throw new BadLegError(leg, "longer than a day");
  }
}
