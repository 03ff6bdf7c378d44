// Half the text of a decision is left out of the log, and nothing of what it said.
import fc from "fast-check";
import { expect, test } from "vitest";
import { verdictsIn } from "../../src/app/public-event.ts";
import { decodeEvent, encodeEvent } from "../../src/db/event-codec.ts";
import { Decimal } from "../../src/domain/decimal.ts";
import { EVENT_VERSION, type EventOf } from "../../src/domain/event.ts";
import { asId, type InstrumentId, type SignalId } from "../../src/domain/ids.ts";
import { RULE_CODES, type Verdict } from "../../src/domain/refusal.ts";

const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
const anyVerdict: fc.Arbitrary<Verdict> = fc.record({
  rule: fc.constantFrom(...RULE_CODES),
  result: fc.constantFrom("pass", "refuse", "warn", "shadow", "off"),
  message: fc.option(fc.string()),
  // A name that JSON.parse and a literal treat differently is none of ours.
  numbers: fc.dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), scalar, {
    maxKeys: 3,
    noNullPrototype: true,
  }),
  head: fc.option(fc.integer().map((value) => Decimal.ofInteger(value))),
});

function decisionWith(verdicts: readonly Verdict[]): EventOf<"SignalDecided"> {
  return {
    type: "SignalDecided",
    signalId: asId<SignalId>("019b8eac-1180-7000-8000-000000000100"),
    number: 1,
    instrumentId: asId<InstrumentId>("XNYS:AAPL"),
    ...{ strategyId: null, outcome: "ordered", refusal: null, verdicts },
    ...{ mark: null, limitsVersion: 1, orderIds: [] },
  };
}

test("verdicts come back from the log as they went in, and the API shows every field", () => {
  fc.assert(
    fc.property(fc.array(anyVerdict, { maxLength: 40 }), (verdicts) => {
      const decision = decisionWith(verdicts);
      const written = encodeEvent(decision);
      expect(decodeEvent("SignalDecided", EVENT_VERSION, written)).toEqual(decision);
      const shown = verdictsIn(JSON.parse(written) as Record<string, unknown>);
      expect(shown).toEqual(JSON.parse(JSON.stringify(verdicts)));
    }),
  );
});

test("a rule that has nothing to say is one word", () => {
  const plain = { message: null, numbers: {}, head: null } as const;
  const written = encodeEvent(
    decisionWith([
      { rule: "lot_size", result: "pass", ...plain },
      { rule: "min_notional", result: "off", ...plain },
    ]),
  );
  expect(written).toContain('"verdicts":["lot_size","min_notional off"]');
});

test("a word that no rule knows is refused by its place", () => {
  const written = encodeEvent(decisionWith([])).replace('"verdicts":[]', '"verdicts":["no_rule"]');
  expect(() => decodeEvent("SignalDecided", EVENT_VERSION, written)).toThrow(/verdicts\.0/);
});
