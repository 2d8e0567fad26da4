import { parseLeg } from "./legs.js";

/** The legs of a walk, one on each line that is not empty. */
export function parseWalk(text) {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map(parseLeg);
}

/** How far it is in all. */
export function distance(legs) {
  let total = 0;
  for (const leg of legs) {
    total += leg.distance;
  }
  return total;
}

/** How much it goes up in all. */
export function climb(legs) {
  let total = 0;
  for (const leg of legs) {
    total += leg.climb;
  }
  return total;
}
