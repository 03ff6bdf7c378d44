// From an order's executions to facts of a position: what one event of an order adds and takes away.
import type { StrategyId } from "../ids.ts";
import type { Side } from "../order/spec.ts";
import type { BookedExecution, Execution, OrderState } from "../order/state.ts";
import type { OrderEvent } from "../order/status.ts";
import type { Adjustment, PositionFact } from "./state.ts";

export type PositionChange =
  | { readonly kind: "add"; readonly fact: PositionFact }
  | { readonly kind: "remove"; readonly fact: PositionFact };

const NO_CHANGES: readonly PositionChange[] = [];

export function executionFact(execution: Execution, side: Side): PositionFact {
  return {
    kind: "execution",
    id: execution.id,
    side,
    quantity: execution.quantity,
    price: execution.price,
    fee: execution.fee,
    feeInAsset: execution.feeInAsset,
    at: execution.executedAt,
  };
}

export function adjustmentFact(adjustment: Adjustment): PositionFact {
  return { kind: "adjustment", id: adjustment.id, adjustment, at: adjustment.at };
}

/** The adjustment that this one takes back: it has the same figures, the other way round. */
export function undone(by: Adjustment, id: string): Adjustment {
  const { quantity, amount } = by;
  return { ...by, id, kind: "adopted", quantity: quantity.negated(), amount: amount.negated() };
}

/** What the event does to the position; `before` is the order as it was before the event. */
export function positionChanges(before: OrderState, event: OrderEvent): readonly PositionChange[] {
  const { side } = before.terms;
  switch (event.type) {
    case "OrderExecuted":
      return before.voidedExecutions.includes(event.execution.id)
        ? NO_CHANGES
        : [{ kind: "add", fact: executionFact(event.execution, side) }];
    case "ExecutionBusted":
      return removals(before, (known) => known.id === event.executionId);
    case "ExecutionCorrected":
      return [
        ...removals(before, ({ id }) => id === event.executionId || id === event.by.id),
        ...(before.voidedExecutions.includes(event.by.id)
          ? NO_CHANGES
          : [{ kind: "add", fact: executionFact(event.by, side) } as const]),
      ];
    default:
      return NO_CHANGES;
  }
}

function removals(
  order: OrderState,
  isMeant: (known: BookedExecution) => boolean,
): readonly PositionChange[] {
  return order.executions
    .filter((known) => !known.busted && isMeant(known))
    .map((known) => ({ kind: "remove", fact: executionFact(known, order.terms.side) }));
}

/** A fact of an instrument and whose share of the position it belongs to. */
export interface AttributedFact {
  readonly fact: PositionFact;
  readonly strategyId: StrategyId | null;
}
