// The life of one order as a fold: pure, total over every order event, and the only writer of an
// order's state. Statuses move by the table in status.ts; here each event brings what it says.
import { Decimal } from "../decimal.ts";
import type { EventOf } from "../event.ts";
import type { OrderSpec, OrderStatus, OrderTerms, TermsChange } from "./spec.ts";
import { booked, busted, corrected } from "./fills.ts";
import type { OrderState } from "./state.ts";
import type { Move, OrderEvent } from "./status.ts";
import { isPresumedGone, isTerminal, TRANSITIONS } from "./status.ts";

type Change = Partial<OrderState>;
const NOTHING: Change = {};
const NOT_REFUSED = { rejectedBy: null, rejectCode: null, errorMessage: null } as const;

/** Field by field: spreading the spec into a literal this large costs 120 µs apiece instead of 0.3. */
export function placeOrder(spec: OrderSpec, at: number): OrderState {
  return {
    id: spec.id,
    accountId: spec.accountId,
    instrumentId: spec.instrumentId,
    strategyId: spec.strategyId,
    signalId: spec.signalId,
    commandId: spec.commandId,
    parentId: spec.parentId,
    role: spec.role,
    linkGroup: spec.linkGroup,
    reducesPosition: spec.reducesPosition,
    waitsFor: spec.waitsFor,
    terms: spec.terms,
    receivedAt: spec.receivedAt,
    validUntil: spec.validUntil,
    status: "pending",
    hold: null,
    pendingAction: null,
    pendingReplace: null,
    unresolved: null,
    generation: 0,
    reference: null,
    brokerOrderId: null,
    brokerOrderChain: [],
    shown: null,
    counting: null,
    isQuantityGuessed: false,
    filledQuantity: Decimal.ZERO,
    filledNotional: Decimal.ZERO,
    executions: [],
    voidedExecutions: [],
    rejectedBy: null,
    rejectCode: null,
    errorMessage: null,
    flags: [],
    placedAt: at,
    submittedAt: null,
    acceptedAt: null,
    closedAt: null,
    closedBy: null,
    updatedAt: at,
    version: 1,
  };
}

/** The order after the event. Never throws, never refuses: what happened, happened. */
export function evolve(state: OrderState, event: OrderEvent, at: number): OrderState {
  const move = TRANSITIONS[event.type][state.status];
  if (move === "late") return changed(state, NOTHING, at);
  const told = changed(state, changeOf(state, event, at), at);
  const status = statusAfter(move, state, told);
  if (status === state.status) return told;
  if (isTerminal(status)) return closed(told, status, event, at);
  return isTerminal(state.status) ? reopened(told, status) : { ...told, status };
}

/** A copy, and the change put into it: spreading both takes the engine nearly twice as long. */
function changed(state: OrderState, change: Change, at: number): OrderState {
  return Object.assign({ ...state, updatedAt: at, version: state.version + 1 }, change);
}

/** What the event says, apart from where it leads. */
function changeOf(state: OrderState, event: OrderEvent, at: number): Change {
  switch (event.type) {
    case "OrderHeld":
      return { hold: { reason: event.reason, until: event.until }, unresolved: null };
    case "OrderSubmitted":
      return submitted(event, at);
    case "OrderAccepted":
      return accepted(state, event);
    case "OrderExecuted":
      return executed(state, event);
    case "ExecutionBusted":
      return busted(state, event);
    case "ExecutionCorrected":
      return corrected(state, event);
    case "CancelRequested":
      return { pendingAction: "cancel" };
    case "CancelRefused":
      return {
        pendingAction: state.pendingReplace === null ? null : "replace",
        unresolved: settled(state, "cancel"),
      };
    case "ReplaceRequested":
      return replaceRequested(state, event);
    case "ReplaceRefused":
      return {
        // Its reference is used up, refused or not: the next change takes another one.
        generation: state.pendingReplace?.generation ?? state.generation,
        pendingReplace: null,
        pendingAction: state.pendingAction === "cancel" ? "cancel" : null,
        unresolved: settled(state, "replace"),
      };
    case "OrderReplaced":
      return replaced(state, event);
    case "ReplacementShown":
      return shown(state, event);
    case "OrderRejected":
      return { rejectedBy: event.by, rejectCode: event.code, errorMessage: event.message };
    case "OrderExpired":
      return event.by === "engine" ? expiredByUs(state, at) : NOTHING;
    case "OrderCancelled":
      return { errorMessage: event.message };
    case "OrderUnresolved":
      return { unresolved: event.unresolved };
    case "OrderResolved":
      return { unresolved: null };
    case "OrderFlagged":
      return state.flags.includes(event.flag) ? NOTHING : { flags: [...state.flags, event.flag] };
    case "OrderPlaced":
    case "OrderCompleted":
      return NOTHING;
  }
}

function statusAfter(move: Move, before: OrderState, after: OrderState): OrderStatus {
  switch (move) {
    case "stay":
    case "late":
      return before.status;
    case "fill":
      return byQuantity(after);
    case "late_fill":
      if (isPresumedGone(before)) return byQuantity(after);
      return isFull(after) ? "filled" : before.status;
    case "reopen":
      if (!isPresumedGone(before)) return before.status;
      return after.filledQuantity.isZero() ? "accepted" : byQuantity(after);
    case "resize":
    case "thin":
      return after.filledQuantity.isZero() ? "accepted" : byQuantity(after);
    default:
      return move;
  }
}

function isFull(state: OrderState): boolean {
  return state.terms.quantity !== null && state.filledQuantity.gte(state.terms.quantity);
}

function byQuantity(state: OrderState): OrderStatus {
  return isFull(state) ? "filled" : "partially_filled";
}

function closed(told: OrderState, status: OrderStatus, event: OrderEvent, at: number): OrderState {
  return {
    ...told,
    ...(status === "filled" && NOT_REFUSED),
    status,
    hold: null,
    pendingAction: null,
    // `pendingReplace` stays: a replace that overtook the end is answered under its own reference.
    unresolved: null,
    closedAt: told.closedAt ?? at,
    closedBy: "by" in event && typeof event.by === "string" ? event.by : "broker",
  };
}

function reopened(told: OrderState, status: OrderStatus): OrderState {
  return { ...told, ...NOT_REFUSED, status, closedAt: null, closedBy: null };
}

function submitted(event: EventOf<"OrderSubmitted">, at: number): Change {
  return {
    hold: null,
    unresolved: null,
    generation: event.generation,
    reference: event.reference,
    submittedAt: at,
  };
}

function accepted(state: OrderState, event: EventOf<"OrderAccepted">): Change {
  return {
    hold: null,
    brokerOrderId: state.brokerOrderId ?? event.brokerOrderId,
    acceptedAt: state.acceptedAt ?? event.brokerAt,
    unresolved: settled(state, "submit"),
  };
}

function executed(state: OrderState, { execution }: EventOf<"OrderExecuted">): Change {
  const fills = booked(state, execution);
  // Spelled out: adding keys behind a spread takes the engine 2 µs, more than all the rest.
  return {
    executions: fills.executions,
    filledQuantity: fills.filledQuantity,
    filledNotional: fills.filledNotional,
    hold: null,
    brokerOrderId: state.brokerOrderId ?? execution.brokerOrderId,
    unresolved: settled(state, "submit"),
  };
}

function replaceRequested(state: OrderState, event: EventOf<"ReplaceRequested">): Change {
  const { generation, reference, change } = event;
  return {
    pendingReplace: { generation, reference, change },
    // A cancel that is on its way is the stronger wish.
    pendingAction: state.pendingAction === "cancel" ? "cancel" : "replace",
  };
}

function replaced(state: OrderState, event: EventOf<"OrderReplaced">): Change {
  const { brokerOrderId } = event;
  const isNew = brokerOrderId !== null && brokerOrderId !== state.brokerOrderId;
  const { brokerOrderId: before, brokerOrderChain: earlier } = state;
  // One that stood again after its replacement was rejected is in there already.
  const isAdded = isNew && before !== null && !earlier.includes(before);
  const chain = isAdded ? [...earlier, before] : earlier;
  return {
    terms: changedTerms(state.terms, event.change),
    generation: event.generation,
    reference: event.reference ?? state.reference,
    brokerOrderId: brokerOrderId ?? state.brokerOrderId,
    brokerOrderChain: chain,
    shown: isNew ? null : state.shown,
    isQuantityGuessed: isQuantityGuessed(state, event),
    pendingReplace: null,
    pendingAction: state.pendingAction === "cancel" ? "cancel" : null,
    unresolved: settled(state, "replace"),
  };
}

/**
 * Read from what the order shows and more than that, with nothing that says how the broker counts: a guess,
 * until a quantity is known again.
 */
function isQuantityGuessed(state: OrderState, event: EventOf<"OrderReplaced">): boolean {
  const { quantity } = event.change;
  if (quantity === undefined) return state.isQuantityGuessed;
  if (event.reference !== null || event.brokerOrderId !== state.brokerOrderId) return false;
  return state.counting === null && state.shown !== null && quantity.gt(state.shown.quantity);
}

function shown(state: OrderState, event: EventOf<"ReplacementShown">): Change {
  const { brokerOrderId, quantity, filledQuantity, counting } = event;
  if (brokerOrderId !== state.brokerOrderId) return NOTHING;
  return { shown: { quantity, filledQuantity }, counting: counting ?? state.counting };
}

/** The terms with the change in them. */
export function changedTerms(terms: OrderTerms, change: TermsChange): OrderTerms {
  const { quantity, limitPrice, stopPrice, trail, timeInForce } = change;
  return {
    ...terms,
    ...(quantity !== undefined && { quantity }),
    ...(limitPrice !== undefined && { limitPrice }),
    ...(stopPrice !== undefined && { stopPrice }),
    ...(timeInForce !== undefined && { timeInForce }),
    ...(trail !== undefined &&
      (terms.trailPercent === null ? { trailPrice: trail } : { trailPercent: trail })),
  };
}

/** An answer to what we did not know ends the not knowing, and that of nothing else. */
function settled(
  { unresolved }: OrderState,
  action: "submit" | "cancel" | "replace",
): OrderState["unresolved"] {
  return unresolved?.action === action ? null : unresolved;
}

/** An order that expired while it was still ours says why, like every refusal. */
function expiredByUs(state: OrderState, at: number): Change {
  const isOver = state.validUntil !== null && at >= state.validUntil;
  return {
    rejectCode: isOver ? "valid_until_passed" : "hold_expired",
    errorMessage: isOver
      ? "The order was not sent before the end of its validity."
      : `The order was held (${state.hold?.reason ?? "pending"}) until its hold expired.`,
  };
}
