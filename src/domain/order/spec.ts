// The words of an order: closed unions, and what an order asks for before anything has happened to it.
import type { Decimal } from "../decimal.ts";
import type { AccountId, CommandId, InstrumentId, OrderId, SignalId, StrategyId } from "../ids.ts";

export const SIDES = ["buy", "sell"] as const;
export type Side = (typeof SIDES)[number];

export const ORDER_TYPES = ["market", "limit", "stop", "stop_limit", "trailing_stop"] as const;
export type OrderType = (typeof ORDER_TYPES)[number];

export const TIMES_IN_FORCE = ["day", "gtc", "ioc", "fok", "opg", "cls"] as const;
export type TimeInForce = (typeof TIMES_IN_FORCE)[number];

export const ORDER_STATUSES = [
  "pending",
  "submitted",
  "accepted",
  "partially_filled",
  "filled",
  "cancelled",
  "rejected",
  "expired",
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** No broker will move the order on from here, though late facts still arrive. */
export const TERMINAL_STATUSES = ["filled", "cancelled", "rejected", "expired"] as const;

/** `close_all` closes what is held when it leaves, however much that has become. */
export const ROLES = [
  "entry",
  "take_profit",
  "stop_loss",
  "flip_close",
  "close_all",
  "slice",
] as const;
export type Role = (typeof ROLES)[number];

/**
 * Why a pending order has no intent yet. `turn`: what was decided before it on its symbol has not left
 * yet, or is not known to have. `predecessor`: it waits until the orders in `waitsFor` are
 * terminal (the second half of a flip, a close behind the cancels it asked for).
 */
export const HOLDS = [
  "rate_budget",
  "turn",
  "market_closed",
  "broker_down",
  "price",
  "predecessor",
] as const;
export type Hold = (typeof HOLDS)[number];

export type PendingAction = "cancel" | "replace";

/** Exits that travel with an entry; the broker makes the legs, we register them as ours. */
export interface AttachedExits {
  readonly takeProfit: { readonly limitPrice: Decimal } | null;
  readonly stopLoss: { readonly stopPrice: Decimal; readonly limitPrice: Decimal | null } | null;
  /** The order itself is the take-profit of a position that is held: whichever comes first cancels the other. */
  readonly alone?: true;
}

/** What an order asks for. Exactly one of `quantity` and `notional` is set. */
export interface OrderTerms {
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly quantity: Decimal | null;
  readonly notional: Decimal | null;
  readonly limitPrice: Decimal | null;
  readonly stopPrice: Decimal | null;
  readonly trailPrice: Decimal | null;
  readonly trailPercent: Decimal | null;
  readonly extendedHours: boolean;
  readonly postOnly: boolean;
  readonly exits: AttachedExits | null;
}

/** The terms, and where the order stands among accounts, signals and its siblings. */
export interface OrderSpec {
  readonly id: OrderId;
  readonly accountId: AccountId;
  readonly instrumentId: InstrumentId;
  readonly strategyId: StrategyId | null;
  readonly signalId: SignalId | null;
  readonly commandId: CommandId | null;
  readonly parentId: OrderId | null;
  readonly role: Role;
  /** Orders of one group count once towards exposure, at their largest member. */
  readonly linkGroup: string | null;
  /** True when, at the decision, the order strictly lowered |position| within the free quantity. */
  readonly reducesPosition: boolean;
  /** Terminal first, then this order: the resting exits behind a close, the first half of a flip. */
  readonly waitsFor: readonly OrderId[];
  readonly terms: OrderTerms;
  /** When the signal or command behind it was received: its age counts from here. */
  readonly receivedAt: number;
  /** No intent is written after this instant. */
  readonly validUntil: number | null;
}

export interface TermsChange {
  readonly quantity?: Decimal;
  readonly limitPrice?: Decimal;
  readonly stopPrice?: Decimal;
  readonly trail?: Decimal;
  readonly timeInForce?: TimeInForce;
}
