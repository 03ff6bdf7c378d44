// The one market here that is not always open: in some runs it opens while they last, in others it closes.
import type { ClockTime } from "../../src/domain/calendar/date.ts";
import { NO_OVERRIDES, type CalendarOverrides } from "../../src/domain/calendar/override.ts";

export type Session = "open" | "opens" | "closes";
export const SESSIONS: readonly Session[] = ["open", "opens", "closes"];

/** Hours are told in whole minutes: the run begins 12 seconds before one. */
const TURN = Date.UTC(2026, 2, 10, 15, 1, 0);
/** The same by the clocks of New York. */
const TURN_THERE = "11:01";

const HOURS: Readonly<
  Record<Session, { readonly open: ClockTime; readonly close: ClockTime } | null>
> = {
  open: null,
  opens: { open: TURN_THERE, close: "16:00" },
  closes: { open: "09:30", close: TURN_THERE },
};

/** As the operator of a run has them in the calendar. */
export function overridesOf(session: Session): CalendarOverrides {
  const hours = HOURS[session];
  if (hours === null) return NO_OVERRIDES;
  return [{ kind: "hours", venue: "XNYS", date: "2026-03-10", ...hours, reason: "a drill" }];
}

/** By the calendar of the day, which the auditor reads off its watch. */
export function isOpenAt(session: Session, at: number): boolean {
  if (session === "open") return true;
  return session === "opens" ? at >= TURN : at < TURN;
}
