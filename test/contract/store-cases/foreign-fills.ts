// Fills of others' orders as the record has them, and one that is taken back: its order is ours after all.
import { Decimal } from "../../../src/domain/decimal.ts";
import type { EventOf } from "../../../src/domain/event.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerOrderId, ExecutionId } from "../../../src/domain/ids.ts";
import { AAPL, MORNING } from "./scene.ts";

const SIZE = Decimal.of("2.5");
const AT = MORNING + 2;

export function foreignFill(id: string, name: string): EventOf<"PositionAdjusted"> {
  const brokerOrderId = asId<BrokerOrderId>(name);
  const figures = { quantity: SIZE, price: Decimal.of("90"), cumulativeQuantity: SIZE };
  const fees = { fee: Decimal.ZERO, feeInAsset: Decimal.ZERO };
  const from = { executedAt: AT, source: "activity" } as const;
  const execution = { id: asId<ExecutionId>(id), brokerOrderId, ...figures, ...fees, ...from };
  const names = { brokerOrderId, reference: null, instrumentId: AAPL, side: "buy" } as const;
  const covered = id === "two" ? { price: null, isOthers: false } : null;
  return {
    ...adjusted(id, "adopted", SIZE),
    foreign: { told: { ...names, execution }, instrumentId: AAPL, theirs: Decimal.ZERO, covered },
  };
}

export function takenBack(undoes: string): EventOf<"PositionAdjusted"> {
  return { ...adjusted(`${undoes}:ours`, "transfer", SIZE.negated()), undoes };
}

function adjusted(
  id: string,
  kind: "adopted" | "transfer",
  quantity: Decimal,
): EventOf<"PositionAdjusted"> {
  const of = { instrumentId: AAPL, strategyId: null, quantity, price: Decimal.of("90") };
  const adjustment = { id, kind, ...of, amount: Decimal.ZERO, source: "a fill", at: AT };
  return { type: "PositionAdjusted", adjustment };
}
