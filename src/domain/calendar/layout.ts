// Fits the phases of an ordinary day to a day that opens or closes at another time.
import { minuteOf } from "./date.ts";
import type { ClockTime } from "./date.ts";
import type { HoursRow, Phase, Takes } from "./venue.ts";

/** A phase from one minute of the local day to another. */
export interface Stretch {
  readonly phase: Phase;
  readonly from: number;
  readonly to: number;
  readonly takes: Takes;
}

interface Anchors {
  readonly first: number;
  readonly open: number;
  readonly openingEnd: number;
  readonly closingStart: number;
  readonly close: number;
  readonly last: number;
}

function anchorsOf(hours: HoursRow): Anchors {
  const open = minuteOf(hours.open);
  const close = minuteOf(hours.close);
  const anchors = { first: open, open, openingEnd: open, closingStart: close, close, last: close };
  for (const [phase, from, to] of hours.phases) {
    anchors.first = Math.min(anchors.first, minuteOf(from));
    anchors.last = Math.max(anchors.last, minuteOf(to));
    if (phase === "opening_auction") anchors.openingEnd = Math.max(open, minuteOf(to));
    if (phase === "closing_auction") anchors.closingStart = minuteOf(from);
  }
  return anchors;
}

/**
 * The phases of `hours` with the regular session moved to `open` and `close`. What hangs on the open
 * (pre-market, opening auction) moves with it, what hangs on the close moves with that, lunch stays,
 * and the outer edges of the day never widen. So a New York half day ends its late session at 17:00,
 * and a Korean exam day starts its late session an hour later but ends it as ever; both as published.
 */
export function fitPhases(hours: HoursRow, open: ClockTime, close: ClockTime): readonly Stretch[] {
  const usual = anchorsOf(hours);
  const opensAt = minuteOf(open);
  const closesAt = minuteOf(close);
  const later = opensAt - usual.open;
  const longer = closesAt - usual.close;
  const openingEnd = usual.openingEnd + later;
  const closingStart = usual.closingStart + longer;
  if (openingEnd >= closingStart) throw new RangeError(`${open} to ${close} leaves no session`);

  const move = (minute: number): number => {
    if (minute < usual.open) return Math.min(Math.max(minute + later, usual.first), opensAt);
    if (minute > usual.close) return Math.max(Math.min(minute + longer, usual.last), closesAt);
    if (minute <= usual.openingEnd) return minute + later;
    if (minute >= usual.closingStart) return minute + longer;
    return Math.min(Math.max(minute, openingEnd), closingStart);
  };
  return hours.phases
    .map(([phase, from, to, takes]) => ({
      phase,
      from: move(minuteOf(from)),
      to: move(minuteOf(to)),
      takes,
    }))
    .filter(({ from, to }) => from < to);
}
