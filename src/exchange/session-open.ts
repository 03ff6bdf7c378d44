// The session of mock mode: stocks trade at any hour of any day; the trading day turns at midnight
// in New York, and with it the day orders end.
import { DaysByYear } from "./days-by-year.ts";
import { addDays, newYorkDate, newYorkInstant } from "./new-york.ts";
import type { SessionDay, SessionSource } from "./session.ts";

function day(date: string): SessionDay {
  const start = newYorkInstant(date, 0);
  const next = addDays(date, 1);
  const end = newYorkInstant(next, 0);
  return {
    date,
    preStart: start,
    coreStart: start,
    coreEnd: end,
    postEnd: end,
    settlementDate: next,
  };
}

const everyDay = new DaysByYear((from, to) => {
  const found: SessionDay[] = [];
  for (let date = from; date <= to; date = addDays(date, 1)) found.push(day(date));
  return found;
});

export const alwaysOpen: SessionSource = {
  alwaysOpen: true,
  at(now) {
    const tradingDay = newYorkDate(now);
    const { coreEnd } = day(tradingDay);
    return {
      phase: "core",
      phaseUntil: coreEnd,
      tradingDay,
      isMarketDay: true,
      nextOpen: coreEnd,
      nextClose: coreEnd,
    };
  },
  days: (from, to) => everyDay.between(from, to),
};
