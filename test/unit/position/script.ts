// Positions as scripts: one fact a line, in the order in which they came; the position in one line.
//
//   buy 10@100 · sell 5@110 fee 1 · buy 1@100 infee 0.001 · buy 1@100 at 3 (its instant; else one a line)
//   opening +10@90 · transfer -3 · split +10 · dividend 5 · cost -2 (a fee) · feecoin -0.01 · correction -1@99
//   unpaid 100 (of the cost)
//   bust 2 · correct 2 to 5@9        (the execution of the second line)
import { Decimal } from "../../../src/domain/decimal.ts";
import { adjustmentFact } from "../../../src/domain/position/change.ts";
import { averageCost } from "../../../src/domain/position/fold.ts";
import { PositionLedger } from "../../../src/domain/position/ledger.ts";
import type { PositionFact, PositionState } from "../../../src/domain/position/state.ts";
import type { AdjustmentKind } from "../../../src/domain/position/state.ts";
import { ACCOUNT, executionId, INSTRUMENT } from "../../support/orders.ts";

export interface PositionStory {
  readonly rule: string;
  readonly facts: string;
  /** Quantity, cost, gross gain, fees. */
  readonly ends: string;
}

const KEYS = { instrumentId: INSTRUMENT, strategyId: null };
const KINDS: Readonly<Record<string, AdjustmentKind>> = {
  opening: "opening_balance",
  adopted: "adopted",
  transfer: "transfer",
  split: "split",
  dividend: "dividend",
  cost: "fee",
  feecoin: "fee_in_kind",
  correction: "correction",
  unpaid: "cost",
};

export function playPosition(facts: string): PositionState {
  const ledger = new PositionLedger(ACCOUNT);
  const lines: PositionFact[] = [];
  for (const [index, text] of facts.split("\n").entries()) {
    const words = text.trim().split(" ");
    const named = lines[Number(words[1]) - 1];
    if (words[0] === "bust" && named !== undefined) {
      ledger.bust(named, KEYS);
    } else if (words[0] === "correct" && named !== undefined) {
      ledger.bust(named, KEYS);
      ledger.apply({ ...named, ...amount(words[3]), id: executionId(`c${index}`) }, KEYS);
    } else {
      const fact = factOf(words, index + 1);
      lines.push(fact);
      ledger.apply(fact, KEYS);
    }
  }
  const state = ledger.net(INSTRUMENT);
  if (state === undefined) throw new Error("no facts");
  return state;
}

export function factOf(words: readonly string[], line: number): PositionFact {
  const [verb = "", size] = words;
  const at = Number(after(words, "at") ?? line);
  if (verb === "buy" || verb === "sell") {
    return {
      kind: "execution",
      id: executionId(`e${String(line).padStart(3, "0")}`),
      side: verb,
      ...amount(size),
      fee: Decimal.of(after(words, "fee") ?? "0"),
      feeInAsset: Decimal.of(after(words, "infee") ?? "0"),
      at,
    };
  }
  const kind = KINDS[verb];
  if (kind === undefined) throw new Error(`no such fact: ${words.join(" ")}`);
  const isCash = kind === "dividend" || kind === "fee" || kind === "cost";
  const [quantity = "0", price] = (isCash ? "0" : (size ?? "0")).replace("+", "").split("@");
  return adjustmentFact({
    id: `a${line}`,
    kind,
    instrumentId: INSTRUMENT,
    strategyId: null,
    quantity: Decimal.of(quantity),
    price: price === undefined ? null : Decimal.of(price),
    amount: Decimal.of(isCash ? (size ?? "0") : (after(words, "cash") ?? "0")),
    source: "test",
    at,
  });
}

function amount(text = ""): { quantity: Decimal; price: Decimal } {
  const [quantity = "", price = ""] = text.split("@");
  return { quantity: Decimal.of(quantity), price: Decimal.of(price) };
}

function after(words: readonly string[], name: string): string | undefined {
  const at = words.indexOf(name);
  return at < 0 ? undefined : words[at + 1];
}

/** `5 cost 500 gain 50 fees 1 avg 100`; what is nothing is left out. */
export function describePosition(state: PositionState): string {
  const parts = [
    ["cost", state.costBasis],
    ["gain", state.realizedGross],
    ["fees", state.fees],
    ["avg", averageCost(state) ?? Decimal.ZERO],
  ] as const;
  return [
    state.quantity.toString(),
    ...parts.filter(([, value]) => !value.isZero()).map(([name, value]) => `${name} ${value}`),
  ].join(" ");
}

/** Cash that changed hands, straight from the facts: the other way to reckon the total. */
export function cashOf(fact: PositionFact): Decimal {
  if (fact.kind === "execution") {
    const value = fact.quantity.times(fact.price);
    return (fact.side === "buy" ? value.negated() : value).minus(fact.fee);
  }
  const { quantity, price, amount: cash } = fact.adjustment;
  return price === null ? cash : cash.minus(quantity.times(price));
}

export function quantityOf(fact: PositionFact): Decimal {
  if (fact.kind === "adjustment") return fact.adjustment.quantity;
  const traded = fact.side === "buy" ? fact.quantity : fact.quantity.negated();
  return traded.minus(fact.feeInAsset);
}
