// Wall-clock time in a time zone and back, from the platform's zone data and never from a fixed offset.
import { MS_PER_DAY, MS_PER_MINUTE } from "./date.ts";
import type { DayNumber, EpochMs } from "./date.ts";

/** Every zone in use changes its offset on a quarter of an hour in UTC; Lord Howe does on the half. */
const OFFSET_STEP_MS = 15 * MS_PER_MINUTE;
const MAX_OFFSETS_PER_ZONE = 50_000;

interface Zone {
  readonly format: Intl.DateTimeFormat;
  readonly offsets: Map<number, number>;
}
const zones = new Map<string, Zone>();

function zoneNamed(name: string): Zone {
  const found = zones.get(name);
  if (found !== undefined) return found;
  const format = new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", {
    timeZone: name,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  const zone: Zone = { format, offsets: new Map() };
  zones.set(name, zone);
  return zone;
}

export function isTimeZone(name: string): boolean {
  try {
    zoneNamed(name);
    return true;
  } catch (error: unknown) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function measureOffset(format: Intl.DateTimeFormat, instant: EpochMs): number {
  const wall = { year: 0, month: 0, day: 0, hour: 0, minute: 0 };
  for (const { type, value } of format.formatToParts(instant)) {
    if (type in wall) wall[type as keyof typeof wall] = Number(value); // `in` has just proved the key.
  }
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute) - instant;
}

/** What the zone's wall clock is ahead of UTC at `instant`, in milliseconds. */
export function offsetAt(zoneName: string, instant: EpochMs): number {
  if (zoneName === "UTC") return 0;
  const { format, offsets } = zoneNamed(zoneName);
  const step = Math.floor(instant / OFFSET_STEP_MS);
  const known = offsets.get(step);
  if (known !== undefined) return known;
  const offset = measureOffset(format, step * OFFSET_STEP_MS);
  if (offsets.size >= MAX_OFFSETS_PER_ZONE) offsets.clear();
  offsets.set(step, offset);
  return offset;
}

/** The date on the zone's wall at `instant`. */
export function dayAt(zoneName: string, instant: EpochMs): DayNumber {
  return Math.floor((instant + offsetAt(zoneName, instant)) / MS_PER_DAY);
}

/**
 * The instant at which the zone's wall shows `minute` of `day`. A time that comes twice is the first
 * one; a time that is skipped is the instant of the jump.
 */
export function instantOf(zoneName: string, day: DayNumber, minute: number): EpochMs {
  const wall = day * MS_PER_DAY + minute * MS_PER_MINUTE;
  const before = offsetAt(zoneName, wall - MS_PER_DAY);
  const early = wall - before;
  if (offsetAt(zoneName, early) === before) return early;
  const after = offsetAt(zoneName, wall + MS_PER_DAY);
  const late = wall - after;
  if (offsetAt(zoneName, late) === after) return late;
  return jumpBetween(zoneName, late, early);
}

/** The first quarter of an hour after `from` whose offset differs: the clock jumps there. */
function jumpBetween(zoneName: string, from: EpochMs, to: EpochMs): EpochMs {
  const start = offsetAt(zoneName, from);
  let instant = Math.floor(from / OFFSET_STEP_MS) * OFFSET_STEP_MS;
  while (instant < to && offsetAt(zoneName, instant) === start) instant += OFFSET_STEP_MS;
  return instant;
}
