// The trading day of an account: a local day that rolls at a time of the account's own choosing.
import { dayNumber, isoDate, parseClockTime } from "./date.ts";
import type { ClockTime, EpochMs, IsoDate } from "./date.ts";
import { dayAt, instantOf } from "./zone.ts";

interface TradingDayRule {
  readonly zone: string;
  readonly roll: ClockTime;
}

/** From `start`, included, to `end`, excluded; named after the local date on which it starts. */
export interface TradingDay {
  readonly date: IsoDate;
  readonly start: EpochMs;
  readonly end: EpochMs;
}

const latest = new Map<string, TradingDay>();
const MAX_RULES_KEPT = 1_000;

export function tradingDayOf(rule: TradingDayRule, date: IsoDate): TradingDay {
  const day = dayNumber(date);
  const minute = rollMinute(rule);
  return {
    date,
    start: instantOf(rule.zone, day, minute),
    end: instantOf(rule.zone, day + 1, minute),
  };
}

export function tradingDayAt(rule: TradingDayRule, instant: EpochMs): TradingDay {
  const key = `${rule.zone} ${rule.roll}`;
  const last = latest.get(key);
  if (last !== undefined && instant >= last.start && instant < last.end) return last;

  // Where clocks go back over the roll, the wall shows a date twice; the starts decide, not the wall.
  let day = dayAt(rule.zone, instant) + 1;
  const minute = rollMinute(rule);
  while (instantOf(rule.zone, day, minute) > instant) day -= 1;

  const found = tradingDayOf(rule, isoDate(day));
  if (latest.size >= MAX_RULES_KEPT) latest.clear();
  latest.set(key, found);
  return found;
}

/** The date of the trading day that `instant` belongs to. */
export function tradingDay(zone: string, roll: ClockTime, instant: EpochMs): IsoDate {
  return tradingDayAt({ zone, roll }, instant).date;
}

function rollMinute(rule: TradingDayRule): number {
  const minute = parseClockTime(rule.roll);
  if (minute === null || minute === 1440) {
    throw new RangeError(`${rule.roll} is not a time from 00:00 to 23:59`);
  }
  return minute;
}
