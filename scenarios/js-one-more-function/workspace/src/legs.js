import { toFeet, toMetres } from "./units.js";

/** Reads a line such as `Mill;Ridge;3.5;210m`; a climb may be in feet. */
export function parseLeg(line) {
  const parts = line.split(";");
  if (parts.length !== 4) {
    throw new RangeError("a leg needs a start, an end, a distance and a climb");
  }
  const [from, to, distance, climb] = parts;
  const metres = climb.endsWith("ft") ? toMetres(parseFloat(climb)) : parseFloat(climb);
  return { from, to, distance: Number(distance), climb: metres };
}

/** What stands on a sign. */
export function sign(leg) {
  const climb = Math.round(toFeet(leg.climb));
  return `${leg.to} ${leg.distance} km, ${climb} ft up`;
}
