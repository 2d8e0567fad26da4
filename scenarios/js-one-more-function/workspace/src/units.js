/** Metres in a foot. */
export const FOOT = 0.3048;

export function toMetres(feet) {
  return feet * FOOT;
}

export function toFeet(metres) {
  return metres / FOOT;
}
