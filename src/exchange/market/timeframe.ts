// Timeframes of bars, and where each bar begins.
import { DAY_MS, newYorkDate, newYorkInstant } from "../new-york.ts";

export interface Timeframe {
  readonly count: number;
  readonly unit: "minute" | "hour" | "day" | "week" | "month";
}

const SHAPE = /^(\d{1,2})(Min|T|Hour|H|Day|D|Week|W|Month|M)$/;
const UNITS: Readonly<Record<string, Timeframe["unit"]>> = {
  Min: "minute",
  T: "minute",
  Hour: "hour",
  H: "hour",
  Day: "day",
  D: "day",
  Week: "week",
  W: "week",
  Month: "month",
  M: "month",
};
const COUNTS: Readonly<Record<Timeframe["unit"], (count: number) => boolean>> = {
  minute: (count) => count >= 1 && count <= 59,
  hour: (count) => count >= 1 && count <= 23,
  day: (count) => count === 1,
  week: (count) => count === 1,
  month: (count) => [1, 2, 3, 4, 6, 12].includes(count),
};

export function parseTimeframe(text: string): Timeframe | null {
  const parts = SHAPE.exec(text);
  const unit = UNITS[parts?.[2] ?? ""];
  const count = Number(parts?.[1] ?? "0");
  return unit !== undefined && COUNTS[unit](count) ? { count, unit } : null;
}

const LENGTHS = { minute: 60_000, hour: 3_600_000 } as const;

/** The start of the bar that an instant falls into. */
export function barStart({ count, unit }: Timeframe, at: number): number {
  if (unit === "minute" || unit === "hour") {
    const length = LENGTHS[unit] * count;
    return Math.floor(at / length) * length;
  }
  const date = newYorkDate(at);
  if (unit === "day") return newYorkInstant(date, 0);
  if (unit === "week") {
    const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
    const monday = new Date(Date.parse(`${date}T00:00:00Z`) - weekday * DAY_MS);
    return newYorkInstant(monday.toISOString().slice(0, 10), 0);
  }
  const month = Math.floor((Number(date.slice(5, 7)) - 1) / count) * count + 1;
  return newYorkInstant(`${date.slice(0, 4)}-${String(month).padStart(2, "0")}-01`, 0);
}

/** The start of the next bar. Half a day more than a whole one lands inside it, whatever clocks do. */
export function nextBar(timeframe: Timeframe, start: number): number {
  const { count, unit } = timeframe;
  if (unit === "minute" || unit === "hour") return start + LENGTHS[unit] * count;
  if (unit === "day") return barStart(timeframe, start + 1.5 * DAY_MS);
  if (unit === "week") return barStart(timeframe, start + 7.5 * DAY_MS);
  const date = newYorkDate(start);
  const months = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + count;
  const year = String(Math.floor(months / 12));
  const month = String((months % 12) + 1).padStart(2, "0");
  return newYorkInstant(`${year}-${month}-01`, 0);
}
