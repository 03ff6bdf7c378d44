// Trading days, made a year at a time and kept: which they are never changes, and a client that asks for
// all of a calendar asks for sixty years of them.
import type { SessionDay } from "./session.ts";

export class DaysByYear {
  readonly #make: (from: string, to: string) => readonly SessionDay[];
  readonly #years = new Map<number, readonly SessionDay[]>();

  constructor(make: (from: string, to: string) => readonly SessionDay[]) {
    this.#make = make;
  }

  /** Both dates included. */
  between(from: string, to: string): readonly SessionDay[] {
    const found: SessionDay[] = [];
    for (let year = yearOf(from); year <= yearOf(to); year += 1) {
      const days = this.#year(year);
      const isWhole = year > yearOf(from) && year < yearOf(to);
      found.push(...(isWhole ? days : days.filter(({ date }) => date >= from && date <= to)));
    }
    return found;
  }

  #year(year: number): readonly SessionDay[] {
    let days = this.#years.get(year);
    if (days === undefined) {
      const name = String(year).padStart(4, "0");
      days = this.#make(`${name}-01-01`, `${name}-12-31`);
      this.#years.set(year, days);
    }
    return days;
  }
}

function yearOf(date: string): number {
  return Number(date.slice(0, 4));
}
