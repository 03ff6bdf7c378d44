// A venue takes orders only in its hours. Where the policy says to wait, the chain turns this refusal
// into a hold until the next open.
import { phaseAt, type PhaseAnswer } from "../../calendar/calendar.ts";
import { isForAuction, takesFrom } from "../../calendar/takes.ts";
import { pass, passWith, refuse } from "../rule.ts";
import type { RiskRule } from "../rule.ts";
import type { Subject } from "../subject.ts";

export const sessionOpen: RiskRule = {
  code: "session_open",
  refusesExits: true,
  limit: null,
  check(subject) {
    const { instrument, now, terms } = subject;
    const answer = phaseAt(instrument.venue, now, subject.candidate.context.calendar);
    // What the calendar does not know is refused by the rule of that name.
    if (!answer.known) return passWith(`the hours of ${instrument.venue} are not known now`);
    if (!isForAuction(terms) && takesNow(subject, answer)) return pass();

    const opens = opensAt(subject);
    if (opens === now) return pass();
    const words = isForAuction(terms) ? auctionWords : phaseWords;
    return refuse(words(subject, answer, opens), {
      phase: answer.phase,
      next_open: opens === null ? null : utc(opens),
    });
  },
};

const PHASE_WORDS: Readonly<Record<PhaseAnswer["phase"], string>> = {
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

type Words = (subject: Subject, answer: PhaseAnswer, opens: number | null) => string;

const phaseWords: Words = ({ instrument }, { phase }, opens) => {
  const when = opens === null ? "no next open is known" : `it opens at ${utc(opens)}`;
  return `${instrument.venue} is ${PHASE_WORDS[phase]} and ${when}`;
};

const auctionWords: Words = ({ instrument, terms }, _answer, opens) =>
  opens === null
    ? `${instrument.venue} has no auction for an order of the kind ${terms.timeInForce}`
    : `${instrument.venue} takes orders of the kind ${terms.timeInForce} again from ${utc(opens)}`;

/** Spares what most orders are the look for the next open. */
function takesNow({ terms }: Subject, { tradable }: PhaseAnswer): boolean {
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
