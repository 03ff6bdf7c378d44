// Past what a venue has published nobody knows whether it is open, and a guess is no answer.
import { phaseAt } from "../../calendar/calendar.ts";
import { isoDate } from "../../calendar/date.ts";
import { venueIndex } from "../../calendar/venues.ts";
import { dayAt } from "../../calendar/zone.ts";
import { pass, refuse } from "../rule.ts";
import type { RiskRule } from "../rule.ts";

export const calendarUnknown: RiskRule = {
  code: "calendar_unknown",
  refusesExits: false,
  limit: null,
  check({ instrument, now, candidate }) {
    if (phaseAt(instrument.venue, now, candidate.context.calendar).known) return pass();
    // Its own day: in the morning of Seoul it is still yesterday in UTC.
    const day = isoDate(dayAt(venueIndex(instrument.venue).calendar.zone, now));
    return refuse(
      `the calendar of ${instrument.venue} does not know ${day}; confirm its sessions to trade`,
      { venue: instrument.venue, date: day },
    );
  },
};
