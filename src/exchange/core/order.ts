// An order as the exchange keeps it, and the words for the states it goes through.
import { Decimal } from "../../domain/decimal.ts";
import type { Asset } from "./asset.ts";

/** Microseconds since the epoch, strictly increasing within one exchange. */
export type Micros = number;

export type Side = "buy" | "sell";
export type OrderType = "market" | "limit" | "stop" | "stop_limit" | "trailing_stop";
export type TimeInForce = "day" | "gtc" | "opg" | "cls" | "ioc" | "fok";
export type OrderClass = "simple" | "bracket" | "oco" | "oto";
export type Role = "entry" | "take_profit" | "stop_loss";

export type OrderStatus =
  | "accepted"
  | "pending_new"
  | "new"
  | "held"
  | "partially_filled"
  | "pending_cancel"
  | "pending_replace"
  | "filled"
  | "canceled"
  | "expired"
  | "rejected"
  | "replaced";

/**
 * Where an order waits: for a session, in the price-time book, for the next quote (a market order
 * that found too little), or for a trigger price.
 */
export type Place = "none" | "queue" | "book" | "marketable" | "trigger";

export interface OrderTerms {
  readonly asset: Asset;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly orderClass: OrderClass;
  readonly extendedHours: boolean;
  readonly quantity: Decimal | null;
  readonly notional: Decimal | null;
  readonly limitPrice: Decimal | null;
  readonly stopPrice: Decimal | null;
  readonly trailPrice: Decimal | null;
  readonly trailPercent: Decimal | null;
}

export interface NewOrder extends OrderTerms {
  readonly clientOrderId: string | null;
  readonly takeProfit: { readonly limitPrice: Decimal } | null;
  readonly stopLoss: { readonly stopPrice: Decimal; readonly limitPrice: Decimal | null } | null;
}

export interface Order extends OrderTerms {
  readonly id: string;
  readonly accountId: string;
  readonly clientOrderId: string;
  readonly groupId: string | null;
  readonly role: Role | null;
  readonly createdAt: Micros;
  readonly replaces: string | null;
  /** Opens or adds to a position, as far as could be seen when it was sent. */
  readonly opening: boolean;
  quantity: Decimal | null;
  stopPrice: Decimal | null;
  status: OrderStatus;
  /** The status to go back to when a cancel or a replace is refused. */
  statusBefore: OrderStatus;
  place: Place;
  /** Whether the stream has said `new`; an order that comes back from another session says it once. */
  announced: boolean;
  /** Time priority in the book. */
  priority: number;
  /** A stop whose price was reached. */
  elected: boolean;
  filledQuantity: Decimal;
  filledValue: Decimal;
  highWater: Decimal | null;
  submittedAt: Micros;
  updatedAt: Micros;
  filledAt: Micros | null;
  expiredAt: Micros | null;
  canceledAt: Micros | null;
  failedAt: Micros | null;
  replacedAt: Micros | null;
  cancelRequestedAt: Micros | null;
  /** Milliseconds since the epoch. */
  expiresAt: number | null;
  replacedBy: string | null;
  /** Set aside per unit: buying power for an opening order, nothing for a closing one. */
  unitCost: Decimal;
  reserved: Decimal;
  /** Position quantity set aside by a closing order. */
  holding: Decimal;
  /** The last quote this order took from, and how much: displayed size is offered once per quote. */
  takenQuote: number;
  takenSize: Decimal;
}

export interface Execution {
  readonly id: string;
  readonly orderId: string;
  readonly accountId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly price: Decimal;
  readonly quantity: Decimal;
  /** In what was credited: the coin of a purchase, the money of a sale. */
  readonly fee: Decimal;
  readonly cumulative: Decimal;
  readonly leaves: Decimal;
  /** Of the order, right after this execution. */
  readonly complete: boolean;
  readonly positionQuantity: Decimal;
  readonly at: Micros;
  /** The execution this one takes back or corrects. */
  readonly corrects: string | null;
}

const CLOSED: ReadonlySet<OrderStatus> = new Set([
  "filled",
  "canceled",
  "expired",
  "rejected",
  "replaced",
]);

export function isClosedStatus(status: OrderStatus): boolean {
  return CLOSED.has(status);
}

export function isClosed(order: Order): boolean {
  return isClosedStatus(order.status);
}

const QUANTITY_SCALE = 9;

/** What is still to be traded; for an amount of money, as much as it buys at `price`. */
export function leaves(order: Order, price: Decimal | null): Decimal {
  if (order.quantity !== null) return order.quantity.minus(order.filledQuantity);
  if (order.notional === null || price === null || price.isZero()) return Decimal.ZERO;
  return order.notional.minus(order.filledValue).dividedBy(price, QUANTITY_SCALE, "down");
}

const AVERAGE_SCALE = 16;

export function averagePrice(order: Order): Decimal | null {
  if (order.filledQuantity.isZero()) return null;
  return order.filledValue.dividedBy(order.filledQuantity, AVERAGE_SCALE, "half_up");
}

/** What kind of order the book sees: an elected stop is the order it stood for. */
export function workingType(order: Order): "market" | "limit" | "waiting_stop" {
  if (order.type === "market") return "market";
  if (order.type === "limit") return "limit";
  if (!order.elected) return "waiting_stop";
  return order.type === "stop_limit" ? "limit" : "market";
}

export function opposite(side: Side): Side {
  return side === "buy" ? "sell" : "buy";
}
