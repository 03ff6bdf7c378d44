// New York wall-clock time: the exchange's trading day, its timestamps with an offset, its activity ids.

const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

const parts = new Intl.DateTimeFormat("en-US", {
  timeZone: "America/New_York",
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
});

/** Offsets change only on the hour, and asking Intl costs a microsecond: remember the last hours. */
const offsets = new Map<number, number>();
const MAX_REMEMBERED_HOURS = 5_000;

/**
 * Clocks change twice a year, never within four weeks: where both ends of such a block have one offset, so
 * has all of it. A calendar of sixty years asks for half a million of hours otherwise.
 */
const BLOCK_HOURS = 28 * 24;
const blocks = new Map<number, number | null>();

function offsetOfBlock(block: number): number | null {
  const known = blocks.get(block);
  if (known !== undefined) return known;
  const first = offsetAtHour(block * BLOCK_HOURS);
  const offset = first === offsetAtHour((block + 1) * BLOCK_HOURS) ? first : null;
  if (blocks.size >= MAX_REMEMBERED_HOURS) blocks.clear();
  blocks.set(block, offset);
  return offset;
}

/** What to add to UTC, in milliseconds, to get New York wall-clock time. */
export function newYorkOffset(now: number): number {
  const hour = Math.floor(now / HOUR_MS);
  return offsetOfBlock(Math.floor(hour / BLOCK_HOURS)) ?? offsetAtHour(hour);
}

function offsetAtHour(hour: number): number {
  const known = offsets.get(hour);
  if (known !== undefined) return known;
  const fields: Record<string, string> = {};
  for (const part of parts.formatToParts(hour * HOUR_MS)) fields[part.type] = part.value;
  const wall = Date.parse(`${fields.year}-${fields.month}-${fields.day}T${fields.hour}:00:00Z`);
  const offset = wall - hour * HOUR_MS;
  if (offsets.size >= MAX_REMEMBERED_HOURS) offsets.clear();
  offsets.set(hour, offset);
  return offset;
}

/** `YYYY-MM-DD` in New York. */
export function newYorkDate(now: number): string {
  return new Date(now + newYorkOffset(now)).toISOString().slice(0, 10);
}

/** Minutes since midnight in New York. */
export function newYorkMinutes(now: number): number {
  return Math.floor(((now + newYorkOffset(now)) % DAY_MS) / 60_000);
}

/** The instant of a New York wall-clock time, for example ("2026-07-06", 9 * 60 + 30). */
export function newYorkInstant(date: string, minutes: number): number {
  const wall = Date.parse(`${date}T00:00:00Z`) + minutes * 60_000;
  // The offset is taken twice: the first guess may fall on the other side of a clock change.
  const guess = wall - newYorkOffset(wall + 5 * HOUR_MS);
  return wall - newYorkOffset(guess);
}

/** `2021-05-30T09:09:24.634-04:00`, as Alpaca's clock writes it. */
export function newYorkTimestamp(now: number): string {
  const offset = newYorkOffset(now);
  const hours = Math.abs(offset) / HOUR_MS;
  const wall = new Date(now + offset)
    .toISOString()
    .slice(0, -1)
    .replace(/\.000$/, "");
  return `${wall}-${String(hours).padStart(2, "0")}:00`;
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}
