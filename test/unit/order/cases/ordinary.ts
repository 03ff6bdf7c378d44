// The ordinary way of an order, the ways it ends, and facts that come in an unusual order.
import { Decimal } from "../../../../src/domain/decimal.ts";
import type { Lifecycle } from "../script.ts";

const NOTIONAL = {
  quantity: null,
  notional: Decimal.of("1000"),
  type: "market",
  limitPrice: null,
} as const;

// One story a line.
// prettier-ignore
export const ORDINARY: readonly Lifecycle[] = [
  { rule: "a placed order is pending", steps: ``, ends: "pending 0/10 silent" },
  { rule: "the intent makes it submitted", steps: `submit`, ends: "submitted 0/10" },
  { rule: "the broker's word makes it accepted", steps: `submit\nack`, ends: "accepted 0/10" },
  { rule: "the answer to the send is as good as the stream", steps: `submit\nanswer accepted`, ends: "accepted 0/10" },
  { rule: "hearing of the acceptance again adds nothing", steps: `submit\nanswer accepted\nack`, ends: "accepted 0/10 silent" },
  { rule: "a part of it makes it partially filled", steps: `submit\nack\nfill 4@100`, ends: "partially_filled 4/10" },
  { rule: "all of it makes it filled", steps: `submit\nack\nfill 10@100`, ends: "filled 10/10" },
  { rule: "parts add up to filled", steps: `submit\nack\nfill 4@100\nfill 5@99\nfill 1@98`, ends: "filled 10/10" },
  { rule: "fractions add up exactly", steps: `submit\nack\nfill 0.1@100\nfill 0.2@100\nfill 9.7@100`, ends: "filled 10/10" },
  { rule: "the smallest remainder keeps it open", steps: `submit\nack\nfill 9.999999999@100`, ends: "partially_filled 9.999999999/10" },
  { rule: "a broker's rejection ends it", steps: `submit\nrejected`, ends: "rejected 0/10 code:broker_rejected" },
  { rule: "a rejection in the answer ends it", steps: `submit\nanswer rejected`, ends: "rejected 0/10 code:broker_rejected" },
  { rule: "a rejection after the acceptance ends it", steps: `submit\nack\nrejected`, ends: "rejected 0/10 code:broker_rejected" },
  { rule: "the rest of a partly filled order may be rejected", steps: `submit\nack\nfill 4@100\nrejected`, ends: "rejected 4/10 code:broker_rejected" },
  { rule: "expiry ends it", steps: `submit\nack\nexpired`, ends: "expired 0/10" },
  { rule: "expiry keeps what was filled", steps: `submit\nack\nfill 4@100\nexpired`, ends: "expired 4/10" },
  { rule: "an expiry that comes before the answer ends it", steps: `submit\nexpired`, ends: "expired 0/10" },
  { rule: "a fill before the answer counts", steps: `submit\nfill 4@100`, ends: "partially_filled 4/10" },
  { rule: "the answer after a fill undoes nothing", steps: `submit\nfill 4@100\nack`, ends: "partially_filled 4/10 silent" },
  { rule: "the answer after the last fill undoes nothing", steps: `submit\nfill 10@100\nanswer accepted`, ends: "filled 10/10 silent" },
  { rule: "the answer after the cancel undoes nothing", steps: `submit\ncancelled\nack`, ends: "cancelled 0/10 silent" },
  { rule: "the answer after the expiry undoes nothing", steps: `submit\nexpired\nack`, ends: "expired 0/10 silent" },
  { rule: "an acceptance after the broker's rejection is flagged", steps: `submit\nanswer rejected\nack`, ends: "rejected 0/10 code:broker_rejected flag:late_event" },
  { rule: "a rejection that is told tells that the broker had the order: its acceptance, told later, adds nothing", steps: `submit\nrejected\nack`, ends: "rejected 0/10 code:broker_rejected silent" },
  { rule: "a rejection after the fill is flagged", steps: `submit\nack\nfill 10@100\nrejected`, ends: "filled 10/10 flag:late_event" },
  { rule: "an expiry after the fill is flagged", steps: `submit\nack\nfill 10@100\nexpired`, ends: "filled 10/10 flag:late_event" },
  { rule: "an expiry after the cancel is flagged", steps: `submit\nack\ncancelled\nexpired`, ends: "cancelled 0/10 flag:late_event" },
  { rule: "a cancel after the expiry is flagged", steps: `submit\nack\nexpired\ncancelled`, ends: "expired 0/10 flag:late_event" },
  { rule: "a contradiction is flagged once", steps: `submit\nack\nfill 10@100\nexpired\nexpired`, ends: "filled 10/10 flag:late_event silent" },
  { rule: "the same rejection twice adds nothing", steps: `submit\nrejected\nrejected`, ends: "rejected 0/10 code:broker_rejected silent" },
  { rule: "the same expiry twice adds nothing", steps: `submit\nack\nexpired\nexpired`, ends: "expired 0/10 silent" },
  { rule: "a refusal of an order that is known to be there is doubted", steps: `submit\nack\nanswer rejected`, ends: "accepted 0/10 flag:late_event wish:lookup" },
  { rule: "a hold keeps it pending", steps: `held 60`, ends: "pending 0/10 hold:market_closed" },
  { rule: "the intent ends the hold", steps: `held 60\nsubmit`, ends: "submitted 0/10" },
  { rule: "a held order expires with its hold", steps: `held 5\nwait 10\nwant expire`, ends: "expired 0/10 code:hold_expired" },
  { rule: "a hold that still runs does not expire", steps: `held 60\nwant expire`, ends: "pending 0/10 hold:market_closed silent" },
  { rule: "an order expires with its validity", validUntil: 9_000, steps: `held 60\nwait 10\nwant expire`, ends: "expired 0/10 code:valid_until_passed" },
  { rule: "an order once sent is not ours to expire", validUntil: 9_000, steps: `submit\nwait 10\nwant expire`, ends: "submitted 0/10 silent" },
  { rule: "a notional is filled when the broker says so", terms: NOTIONAL, steps: `submit\nack\nfill 6.6@150\nseen filled 6.6`, ends: "filled 6.6/$1000" },
  { rule: "a notional stays open until then", terms: NOTIONAL, steps: `submit\nack\nfill 6.6@150`, ends: "partially_filled 6.6/$1000" },
  { rule: "a notional waits for the fills that it has not seen", terms: NOTIONAL, steps: `submit\nack\nseen filled 6.6`, ends: "accepted 0/$1000 asks:executions silent" },
];
