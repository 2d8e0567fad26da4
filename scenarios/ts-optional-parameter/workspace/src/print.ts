import { duration, type Leg } from "./legs.js";
import { plan } from "./plan.js";

/** A line for each day of a walk. */
export function printed(legs: Leg[]): string[] {
  return plan(legs, 7).map((day, number) => {
    const names = day.legs.map((leg) => `${leg.to} (${duration(leg).toFixed(1)} h)`);
    return `day ${number + 1}: ${names.join(", ")}`;
  });
}
