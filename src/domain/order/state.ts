// The state of one order: the fold of its events. `evolve` (evolve.ts) is its only writer.
import type { Decimal } from "../decimal.ts";
import type { BrokerOrderId, BrokerReference, ExecutionId, OrderId } from "../ids.ts";
import type { RejectCode, RejectedBy } from "../refusal.ts";
import type {
  Hold,
  OrderSpec,
  OrderStatus,
  OrderTerms,
  PendingAction,
  TermsChange,
} from "./spec.ts";

/** One fill as the broker told it. Quantity and price are of this fill alone. */
export interface Execution {
  readonly id: ExecutionId;
  readonly orderId: OrderId;
  readonly brokerOrderId: BrokerOrderId | null;
  readonly quantity: Decimal;
  readonly price: Decimal;
  /** Filled quantity of the broker's order after this fill, where the wire tells it. */
  readonly cumulativeQuantity: Decimal | null;
  /** In the quote currency; positive is a cost. */
  readonly fee: Decimal;
  /** Taken in the asset itself: lowers the quantity held. */
  readonly feeInAsset: Decimal;
  readonly executedAt: number;
  readonly source: "stream" | "activity" | "snapshot" | "answer";
}

export interface BookedExecution extends Execution {
  readonly busted: boolean;
  /** The execution that corrects this one, where the broker sent a correction. */
  readonly correctedBy: ExecutionId | null;
}

/** What we do not know, since when: a send whose answer never came. */
export interface Unresolved {
  readonly action: "submit" | "cancel" | "replace";
  readonly since: number;
  readonly cause: string;
  /** Lookups that found nothing so far. */
  readonly lookups: number;
}

export interface PendingReplace {
  readonly generation: number;
  readonly reference: BrokerReference;
  readonly change: TermsChange;
}

/** The broker's current order as it was shown last, where that says how the broker counts it. */
export interface ShownOrder {
  readonly quantity: Decimal;
  readonly filledQuantity: Decimal;
}

/** How a broker counts an order that took another's place: all of it, or what the ones before left. */
export const COUNTINGS = ["rest", "whole"] as const;
export type Counting = (typeof COUNTINGS)[number];

export interface OrderState extends OrderSpec {
  /** The terms now in force: a replace changes them, never the identity. */
  readonly terms: OrderTerms;
  readonly status: OrderStatus;
  readonly hold: { readonly reason: Hold; readonly until: number | null } | null;
  readonly pendingAction: PendingAction | null;
  readonly pendingReplace: PendingReplace | null;
  readonly unresolved: Unresolved | null;
  /** 1 for the first send; each replace and each resend under a new reference adds one. */
  readonly generation: number;
  readonly reference: BrokerReference | null;
  readonly brokerOrderId: BrokerOrderId | null;
  /** Earlier broker ids of this order, oldest first. */
  readonly brokerOrderChain: readonly BrokerOrderId[];
  /** Of an order that took an old one's place (shown.ts). Not in any table: null until shown again. */
  readonly shown: ShownOrder | null;
  /** As an order that we asked for showed it; holds for those before and after it. In no table, like `shown`. */
  readonly counting: Counting | null;
  /** The quantity is a guess at what somebody else asked for, too high rather than too low. In no table either. */
  readonly isQuantityGuessed: boolean;
  readonly filledQuantity: Decimal;
  /** Σ price × quantity of what counts; the average price is derived from it. */
  readonly filledNotional: Decimal;
  readonly executions: readonly BookedExecution[];
  /** Ids of executions that were busted or corrected before they came: when they come they do not count. */
  readonly voidedExecutions: readonly ExecutionId[];
  readonly rejectedBy: RejectedBy | null;
  readonly rejectCode: RejectCode | null;
  readonly errorMessage: string | null;
  readonly flags: readonly OrderFlag[];
  readonly placedAt: number;
  readonly submittedAt: number | null;
  readonly acceptedAt: number | null;
  readonly closedAt: number | null;
  /** Who said that it is over. What we concluded ourselves about an order once sent, a fact reopens. */
  readonly closedBy: "broker" | "engine" | "risk" | null;
  readonly updatedAt: number;
  /** Events applied so far. */
  readonly version: number;
}

export const ORDER_FLAGS = ["overfill", "fill_after_close", "late_event", "adopted"] as const;
export type OrderFlag = (typeof ORDER_FLAGS)[number];
