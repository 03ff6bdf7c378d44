// The executions of one order and their sums: what counts, what was taken away, what came too early.
import { Decimal } from "../decimal.ts";
import type { EventOf } from "../event.ts";
import type { BookedExecution, Execution, OrderState } from "./state.ts";

export type Fills = Partial<
  Pick<OrderState, "executions" | "voidedExecutions" | "filledQuantity" | "filledNotional">
>;

/** One more execution; one that was voided before it came is kept and does not count. */
export function booked(state: OrderState, execution: Execution): Fills {
  const voided = state.voidedExecutions.includes(execution.id);
  const entry: BookedExecution = { ...execution, busted: voided, correctedBy: null };
  const executions = [...state.executions, entry];
  if (voided) return { executions };
  return {
    executions,
    filledQuantity: state.filledQuantity.plus(execution.quantity),
    filledNotional: state.filledNotional.plus(execution.quantity.times(execution.price)),
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
  const correction: BookedExecution = {
    ...by,
    busted: state.voidedExecutions.includes(by.id),
    correctedBy: null,
  };
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
function counted(executions: readonly BookedExecution[]): Fills {
  let filledQuantity = Decimal.ZERO;
  let filledNotional = Decimal.ZERO;
  for (const execution of executions) {
    if (execution.busted) continue;
    filledQuantity = filledQuantity.plus(execution.quantity);
    filledNotional = filledNotional.plus(execution.quantity.times(execution.price));
  }
  return { executions, filledQuantity, filledNotional };
}
