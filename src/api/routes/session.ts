// GET /session: what phase a venue is in, and when that changes.
import { z } from "zod";
import { instant } from "../../app/fields.ts";
import { invalid } from "../../app/problem.ts";
import { nextClose, nextOpen, phaseAt } from "../../domain/calendar/calendar.ts";
import type { CalendarOverrides } from "../../domain/calendar/override.ts";
import { isVenue, VENUE_NAMES } from "../../domain/calendar/venues.ts";
import type { Venue } from "../../domain/instrument.ts";
import { venueSessionAnswer } from "../answers/status.ts";
import { answer } from "../http/answer.ts";
import { route } from "../route.ts";
import { BASE } from "./base.ts";

export const getSession = route({
  method: "GET",
  path: `${BASE}/session`,
  operation: "getSession",
  tag: "accounts",
  summary: "Is a venue open?",
  access: "viewer",
  query: z.strictObject({
    venue: z.string().describe(`One of ${VENUE_NAMES.join(", ")}.`),
    at: instant.optional().describe("By default now."),
  }),
  answers: { 200: { description: "The phase.", schema: venueSessionAnswer } },
  handle({ api, query }) {
    const venue = query.venue.toUpperCase();
    if (!isVenue(venue)) throw invalid("venue", `must be one of ${VENUE_NAMES.join(", ")}`);
    const at = query.at ?? api.clock.now();
    return answer(200, venueSession(venue, at, api.world.calendar));
  },
});

export function venueSession(venue: Venue, at: number, overrides: CalendarOverrides) {
  const phase = phaseAt(venue, at, overrides);
  return {
    venue,
    at: iso(at),
    phase: phase.phase,
    takes_regular_orders: phase.tradable.regular,
    takes_extended_orders: phase.tradable.extended,
    session: phase.session,
    phase_ends_at: iso(phase.until),
    next_open: iso(nextOpen(venue, at, overrides)),
    next_close: iso(nextClose(venue, at, overrides)),
    known: phase.known,
  };
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
