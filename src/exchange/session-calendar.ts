// The session of the New York calendar: holidays, half days and daylight saving as in the data.
import {
  dayOf,
  nextClose,
  nextOpen,
  phaseAt,
  sessionsBetween,
} from "../domain/calendar/calendar.ts";
import type { PhaseAnswer, Session } from "../domain/calendar/calendar.ts";
import { DaysByYear } from "./days-by-year.ts";
import { addDays, DAY_MS, newYorkDate } from "./new-york.ts";
import type { Phase, SessionDay, SessionSource } from "./session.ts";

const VENUE = "XNYS";

function phaseOf({ phase }: PhaseAnswer): Phase {
  switch (phase) {
    case "pre":
    case "post":
    case "closed":
      return phase;
    default:
      return "core";
  }
}

type IsoDate = Session["date"];

/** Dates reach this file as `YYYY-MM-DD` text from our own formatting and from checked queries. */
function iso(date: string): IsoDate {
  return date as IsoDate; // the template type cannot be proven of a string, the shape is checked
}

/** Trades settle on the next trading day. */
function sessionDay({ date, open, close }: Session, next: Session | undefined): SessionDay {
  const { spans } = dayOf(VENUE, date);
  return {
    date,
    preStart: spans.find(({ phase }) => phase === "pre")?.from ?? open,
    coreStart: open,
    coreEnd: close,
    postEnd: spans.find(({ phase }) => phase === "post")?.to ?? close,
    settlementDate: next?.date ?? addDays(date, 1),
  };
}

/** Long enough to find the next session behind any holiday. */
const MARGIN_DAYS = 12;

const marketDays = new DaysByYear((from, to) => {
  const sessions = sessionsBetween(VENUE, iso(from), iso(addDays(to, MARGIN_DAYS)));
  return sessions
    .map((session, index) => sessionDay(session, sessions[index + 1]))
    .filter(({ date }) => date <= to);
});

export const byCalendar: SessionSource = {
  alwaysOpen: false,
  at(now) {
    const answer = phaseAt(VENUE, now);
    const today = newYorkDate(now);
    return {
      phase: phaseOf(answer),
      // The data always sees the next phase within a month; a day is a safe time to look again.
      phaseUntil: answer.until ?? now + DAY_MS,
      tradingDay: today,
      isMarketDay: dayOf(VENUE, iso(today)).session !== null,
      nextOpen: nextOpen(VENUE, now) ?? now + DAY_MS,
      nextClose: nextClose(VENUE, now) ?? now + DAY_MS,
    };
  },
  days: (from, to) => marketDays.between(from, to),
};
