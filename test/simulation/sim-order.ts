// Orders and deals as the simulated broker keeps them: words of its own, nothing of our order code.
import type { BrokerOrderStatus } from "../../src/domain/broker.ts";
import type { Decimal } from "../../src/domain/decimal.ts";
import type { AccountId, InstrumentId } from "../../src/domain/ids.ts";
import type { OrderTerms, OrderType, Side, TimeInForce } from "../../src/domain/order/spec.ts";

export interface Deal {
  readonly id: string;
  readonly orderId: string;
  readonly accountId: AccountId;
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  readonly quantity: Decimal;
  readonly price: Decimal;
  readonly cumulative: Decimal;
  readonly at: number;
}

export interface NewOrder {
  readonly reference: string;
  readonly accountId: AccountId;
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly quantity: Decimal;
  readonly limitPrice: Decimal | null;
  readonly stopPrice: Decimal | null;
  readonly exits: OrderTerms["exits"];
}

/** The terms of the new order; without a quantity it keeps the old one's. */
export interface Replacement extends Omit<NewOrder, "quantity"> {
  readonly quantity: Decimal | null;
}

export interface SimOrder extends NewOrder {
  readonly id: string;
  readonly submittedAt: number;
  readonly replaces: string | null;
  /** The entry that it is an exit of. */
  readonly parent: string | null;
  readonly legs: SimOrder[];
  replacedBy: string | null;
  status: BrokerOrderStatus;
  filled: Decimal;
  /** What of it the orders before this one filled. */
  readonly carried: Decimal;
  notional: Decimal;
  updatedAt: number;
}

export type SimFact =
  | { readonly kind: "accepted" | "cancelled" | "expired"; readonly order: SimOrder }
  | { readonly kind: "executed"; readonly order: SimOrder; readonly deal: Deal }
  | { readonly kind: "replaced"; readonly order: SimOrder; readonly by: SimOrder };

const OPEN: ReadonlySet<BrokerOrderStatus> = new Set(["accepted", "held", "partially_filled"]);

export const isOpen = ({ status }: Pick<SimOrder, "status">): boolean => OPEN.has(status);
