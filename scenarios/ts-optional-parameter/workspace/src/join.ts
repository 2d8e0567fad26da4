import { BadLegError, type Leg } from "./legs.js";

/** Makes one leg of two; throws where the second begins somewhere else. */
export function join(first: Leg, second: Leg): Leg {
  if (first.to !== second.from) {
    throw new BadLegError(second, `does not begin at ${first.to}`);
  }
  return {
    from: first.from,
    to: second.to,
    kilometres: first.kilometres + second.kilometres,
    climb: first.climb + second.climb,
  };
}
