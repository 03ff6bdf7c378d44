// The executions of one order and their sums: what counts, what was taken away, what came too early.
import { Decimal } from "../decimal.ts";
import type { EventOf } from "../event.ts";
import type { BookedExecution, Execution, OrderState } from "./state.ts";

type Counted = Pick<OrderState, "executions" | "filledQuantity" | "filledNotional">;
type Fills = Partial<Counted & Pick<OrderState, "voidedExecutions">>;

/** One more execution; one that was voided before it came is kept and does not count. */
export function booked(state: OrderState, execution: Execution): Counted {
  const voided = state.voidedExecutions.includes(execution.id);
  const executions = [...state.executions, entryOf(execution, voided)];
  const { filledQuantity, filledNotional } = state;
  if (voided) return { executions, filledQuantity, filledNotional };
  return {
    executions,
    filledQuantity: filledQuantity.plus(execution.quantity),
    filledNotional: filledNotional.plus(execution.quantity.times(execution.price)),
  };
}

/** Field by field: `{ ...execution, busted }` costs ten times as much, on the hottest of all paths. */
function entryOf(execution: Execution, voided: boolean): BookedExecution {
  return {
    id: execution.id,
    orderId: execution.orderId,
    brokerOrderId: execution.brokerOrderId,
    quantity: execution.quantity,
    price: execution.price,
    cumulativeQuantity: execution.cumulativeQuantity,
    fee: execution.fee,
    feeInAsset: execution.feeInAsset,
    executedAt: execution.executedAt,
    source: execution.source,
    busted: voided,
    correctedBy: null,
  };
}

export function busted(state: OrderState, event: EventOf<"ExecutionBusted">): Fills {
  const { executionId } = event;
  if (!state.executions.some((known) => known.id === executionId)) {
    return { voidedExecutions: [...state.voidedExecutions, executionId] };
  }
  return counted(
    state.executions.map((known) =>
      known.id === executionId ? { ...known, busted: true } : known,
    ),
  );
}

export function corrected(state: OrderState, event: EventOf<"ExecutionCorrected">): Fills {
  const { executionId, by } = event;
  const correction = entryOf(by, state.voidedExecutions.includes(by.id));
  const isKnown = state.executions.some((known) => known.id === executionId);
  // Some brokers correct under the same id: then the new figures take the old one's place.
  const kept = state.executions
    .filter((known) => known.id !== by.id)
    .map((known) =>
      known.id === executionId ? { ...known, busted: true, correctedBy: by.id } : known,
    );
  const change = counted([...kept, correction]);
  if (isKnown || executionId === by.id) return change;
  return { ...change, voidedExecutions: [...state.voidedExecutions, executionId] };
}

/** The sums of what counts, exactly, from the start. */
function counted(executions: readonly BookedExecution[]): Counted {
  let filledQuantity = Decimal.ZERO;
  let filledNotional = Decimal.ZERO;
  for (const execution of executions) {
    if (execution.busted) continue;
    filledQuantity = filledQuantity.plus(execution.quantity);
    filledNotional = filledNotional.plus(execution.quantity.times(execution.price));
  }
  return { executions, filledQuantity, filledNotional };
}
