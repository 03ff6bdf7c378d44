// Past what a venue has published nobody knows whether it is open, and a guess is no answer.
import { phaseAt } from "../../calendar/calendar.ts";
import { pass, refuse } from "../rule.ts";
import type { RiskRule } from "../rule.ts";

export const calendarUnknown: RiskRule = {
  code: "calendar_unknown",
  refusesExits: false,
  limit: null,
  check({ instrument, now, candidate }) {
    if (phaseAt(instrument.venue, now, candidate.context.calendar).known) return pass();
    const day = new Date(now).toISOString().slice(0, 10);
    return refuse(
      `the calendar of ${instrument.venue} does not know ${day}; confirm its sessions to trade`,
      { venue: instrument.venue, date: day },
    );
  },
};
