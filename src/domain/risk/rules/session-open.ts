// A venue takes orders only in its hours. Where the policy says to wait, the chain turns this refusal
// into a hold until the next open.
import { phaseAt } from "../../calendar/calendar.ts";
import { takesFrom } from "../../calendar/takes.ts";
import { pass, passWith, refuse } from "../rule.ts";
import type { RiskRule } from "../rule.ts";
import type { Subject } from "../subject.ts";

export const sessionOpen: RiskRule = {
  code: "session_open",
  refusesExits: true,
  limit: null,
  check(subject) {
    const { instrument, now } = subject;
    const answer = phaseAt(instrument.venue, now, subject.candidate.context.calendar);
    // What the calendar does not know is refused by the rule of that name.
    if (!answer.known) return passWith(`the hours of ${instrument.venue} are not known now`);
    if (takesNow(subject, answer)) return pass();

    const opens = opensAt(subject);
    const when = opens === null ? "no next open is known" : `it opens at ${utc(opens)}`;
    return refuse(`${instrument.venue} is ${PHASE_WORDS[answer.phase]} and ${when}`, {
      phase: answer.phase,
      next_open: opens === null ? null : utc(opens),
    });
  },
};

const PHASE_WORDS: Readonly<Record<ReturnType<typeof phaseAt>["phase"], string>> = {
  closed: "closed",
  pre: "in its pre-market, which takes only orders for extended hours,",
  opening_auction: "in its opening auction, which does not take this order,",
  continuous: "open, but does not take this order now,",
  lunch: "at its lunch break",
  closing_auction: "in its closing auction, which does not take this order,",
  post_close: "past its close",
  post: "in its after-market, which takes only orders for extended hours,",
  always_open: "open",
};

function takesNow({ terms }: Subject, { phase, tradable }: ReturnType<typeof phaseAt>): boolean {
  // An order for the opening auction is given before it, when nothing else is taken.
  if (terms.timeInForce === "opg") return phase !== "continuous" && phase !== "always_open";
  return tradable.regular || (terms.extendedHours && tradable.extended);
}

/** When the venue next takes such an order; null where none is in sight or nothing is known of then. */
export function opensAt({ instrument, now, terms, candidate }: Subject): number | null {
  const { calendar } = candidate.context;
  return takesFrom(instrument.venue, terms, { now, calendar });
}

function utc(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
