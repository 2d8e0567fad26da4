import { duration, type Leg } from "./legs.js";

export interface Day {
  legs: Leg[];
  hours: number;
}

/** Puts legs into days, none of them longer than `most` hours. */
export function plan(legs: Leg[], most: number): Day[] {
  const days: Day[] = [];
  let day: Day = { legs: [], hours: 0 };
  for (const leg of legs) {
    const more = duration(leg);
    if (day.legs.length > 0 && day.hours + more > most) {
      days.push(day);
      day = { legs: [], hours: 0 };
    }
    day.legs.push(leg);
    day.hours += more;
  }
  return day.legs.length > 0 ? [...days, day] : days;
}
