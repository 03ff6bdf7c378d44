// Requests other than signals: each is a row with an idempotency key before it is anything else, is
// numbered in its partition, and overtakes waiting signals.
import type { Decimal } from "./decimal.ts";
import type {
  AccountId,
  BrokerOrderId,
  CommandId,
  InstrumentId,
  OrderId,
  SignalId,
  StrategyId,
} from "./ids.ts";
import type { TermsChange } from "./order/spec.ts";
import type { TradingState } from "./trading-state.ts";

export type CommandRequest =
  | { readonly kind: "cancel_order"; readonly orderId: OrderId }
  | { readonly kind: "cancel_orders"; readonly filter: OrderFilter }
  /** Carries what the decision of the signal has to name, since the signal itself has not come yet. */
  | {
      readonly kind: "take_back_signal";
      readonly signalId: SignalId;
      readonly number: number;
      readonly instrumentId: InstrumentId;
      readonly strategyId: StrategyId | null;
    }
  | { readonly kind: "replace_order"; readonly orderId: OrderId; readonly change: TermsChange }
  | {
      readonly kind: "close_position";
      readonly instrumentId: InstrumentId;
      /** All of it when null. */
      readonly quantity: Decimal | null;
    }
  | { readonly kind: "flatten" }
  /** The state itself is in its table, committed with this row; what remains is its effect here. */
  | {
      readonly kind: "trading_state_changed";
      readonly state: TradingState;
      readonly strategyId: StrategyId | null;
      readonly cancelEntries: boolean;
      readonly flatten: boolean;
      readonly reason: string;
    }
  | { readonly kind: "reset_loss_limit"; readonly reason: string }
  | { readonly kind: "adopt_order"; readonly brokerOrderId: BrokerOrderId }
  | { readonly kind: "ignore_order"; readonly brokerOrderId: BrokerOrderId }
  | {
      readonly kind: "adjust_position";
      readonly instrumentId: InstrumentId;
      readonly quantity: Decimal;
      readonly price: Decimal | null;
      readonly reason: string;
    }
  /** What the broker holds beyond our record is ours from now on. */
  | {
      readonly kind: "adopt_position";
      readonly instrumentId: InstrumentId;
      /** What the person saw; it is refused when another quantity differs by then. Null: whatever does. */
      readonly quantity: Decimal | null;
      /** What it enters the cost at; null: what the broker says, or else the market. */
      readonly price: Decimal | null;
      readonly reason: string;
    }
  /** So much of what the broker holds is another's; null: all that differs at present. */
  | {
      readonly kind: "ignore_position";
      readonly instrumentId: InstrumentId;
      readonly quantity: Decimal | null;
      readonly reason: string;
    }
  | { readonly kind: "accept_cash"; readonly reason: string }
  /** A person decides what became of an order that cannot be looked up. */
  | {
      readonly kind: "settle_order";
      readonly orderId: OrderId;
      readonly as: "never_arrived";
      readonly reason: string;
    }
  | {
      readonly kind: "unfreeze_symbol";
      readonly instrumentId: InstrumentId;
      readonly reason: string;
    }
  | { readonly kind: "reconcile" };

export interface OrderFilter {
  readonly instrumentId: InstrumentId | null;
  readonly strategyId: StrategyId | null;
  readonly side: "buy" | "sell" | null;
}

export interface Command {
  readonly id: CommandId;
  readonly number: number;
  readonly accountId: AccountId;
  readonly request: CommandRequest;
  readonly receivedAt: number;
  readonly actor: string;
  readonly traceParent: string | null;
}

/** How a command ended; `reason` is a sentence. */
export interface CommandOutcome {
  readonly result: "done" | "refused";
  readonly code: string;
  readonly message: string;
  readonly orderIds: readonly OrderId[];
}
