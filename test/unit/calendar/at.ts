// Reads and writes instants in the calendar tests as text.
import type { Venue } from "../../../src/domain/instrument.ts";
import { dayOf, NO_OVERRIDES } from "../../../src/domain/calendar/calendar.ts";
import type { CalendarOverrides } from "../../../src/domain/calendar/calendar.ts";
import type { IsoDate } from "../../../src/domain/calendar/date.ts";

/** `2026-03-06T14:30Z` as an instant. */
export const at = (text: string): number => Date.parse(text);

/** An instant as `2026-03-06T14:30Z`. */
export const utc = (instant: number | null | undefined): string | null =>
  instant === null || instant === undefined
    ? null
    : `${new Date(instant).toISOString().slice(0, 16)}Z`;

const CLOCKS: Readonly<Record<Venue, string>> = {
  XNYS: "America/New_York",
  XKRX: "Asia/Seoul",
  HOSE: "Asia/Ho_Chi_Minh",
  HNX: "Asia/Ho_Chi_Minh",
  UPCOM: "Asia/Ho_Chi_Minh",
  CRYPTO: "UTC",
  SIM: "UTC",
};

/** The open phases of a day on the venue's own wall clock: `09:30-16:00 continuous both`. */
export function phases(
  venue: Venue,
  date: IsoDate,
  overrides: CalendarOverrides = NO_OVERRIDES,
): string[] {
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone: CLOCKS[venue],
    hour: "2-digit",
    minute: "2-digit",
  });
  return dayOf(venue, date, overrides)
    .spans.filter(({ phase }) => phase !== "closed")
    .map(
      ({ phase, from, to, takes }) => `${clock.format(from)}-${clock.format(to)} ${phase} ${takes}`,
    );
}
