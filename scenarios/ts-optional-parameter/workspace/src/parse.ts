import { BadLegError, type Leg } from "./legs.js";

/** Reads a line such as `Mill;Ridge;3.5;210`. */
export function parseLeg(line: string): Leg {
  const [from = "", to = "", kilometres, climb] = line.split(";");
  const leg = { from, to, kilometres: Number(kilometres), climb: Number(climb) };
  if (Number.isNaN(leg.kilometres)) {
    throw new BadLegError(leg, "no distance");
  }
  return leg;
}
