// What a broker can promise, what it reports and how its calls can end: the vocabulary that every
// adapter maps its wire onto. The core never sees a wire.
import type { Decimal } from "./decimal.ts";
import type {
  AccountId,
  BrokerOrderId,
  BrokerReference,
  ExecutionId,
  InstrumentId,
  OrderId,
} from "./ids.ts";
import type { OrderTerms, OrderType, Side, TimeInForce, TermsChange } from "./order/spec.ts";
import type { Execution } from "./order/state.ts";

/** Constants of a broker that decisions depend on. `reference` is pure and never repeats. */
export interface BrokerTraits {
  readonly name: string;
  /** How long the broker refuses a reference that it has seen. */
  readonly referenceUnique: "forever" | "day" | "never";
  readonly findsByReference: boolean;
  /** No request is on its way for longer than this. */
  readonly longestFlightMs: number;
  /** Lookups that must have found nothing before "never arrived" is believed. */
  readonly lookupsBeforeNeverArrived: number;
  readonly makesExitLegs: boolean;
  readonly canReplace: boolean;
  /** A working order is asked for by REST when nothing was heard of it for this long. */
  readonly quietOrderMs: number;
  /**
   * What an order shows as filled is exactly what counts: less than was booked is a bust that was not
   * told. Left out where a list may show an order without all of its fills.
   */
  readonly showsWhatCounts?: boolean;
  /** True for what `reference` may have made: such an order at the broker was sent from here. */
  recognises?(reference: BrokerReference): boolean;
  /**
   * The name under which a generation of an order is known; chosen before the first send and stored with
   * the intent. Where the broker takes none it is a name among ourselves: `referenceUnique` is `never`
   * and `findsByReference` false, and what is not answered needs a person.
   */
  reference(orderId: OrderId, generation: number, counter: number): BrokerReference;
}

/** Status of an order at the broker, in our words. `held`: accepted, waiting for its turn or open. */
export type BrokerOrderStatus =
  | "accepted"
  | "held"
  | "partially_filled"
  | "filled"
  | "cancelled"
  | "rejected"
  | "expired"
  | "replaced"
  | "unknown";

/** One order as the broker's REST answer describes it. Unknown words become `null` or `unknown`. */
export interface BrokerOrderSnapshot {
  readonly brokerOrderId: BrokerOrderId;
  readonly reference: BrokerReference | null;
  readonly symbol: string;
  readonly instrumentId: InstrumentId | null;
  readonly side: Side | null;
  readonly type: OrderType | null;
  readonly timeInForce: TimeInForce | null;
  readonly quantity: Decimal | null;
  readonly notional: Decimal | null;
  readonly limitPrice: Decimal | null;
  readonly stopPrice: Decimal | null;
  readonly status: BrokerOrderStatus;
  readonly filledQuantity: Decimal;
  readonly averagePrice: Decimal | null;
  readonly replacedBy: BrokerOrderId | null;
  readonly replaces: BrokerOrderId | null;
  readonly legs: readonly BrokerOrderSnapshot[];
  readonly submittedAt: number;
  readonly updatedAt: number;
  readonly message: string | null;
}

interface ReportHead {
  readonly accountId: AccountId;
  readonly brokerOrderId: BrokerOrderId | null;
  readonly reference: BrokerReference | null;
  readonly at: number;
  /** The order as the broker showed it with the fact, where it did. */
  readonly snapshot: BrokerOrderSnapshot | null;
}

/** A fact from the broker: never refused, recorded once, in whatever order it comes. */
export type BrokerReport = ReportHead &
  (
    | { readonly kind: "accepted" }
    | { readonly kind: "executed"; readonly execution: Omit<Execution, "orderId"> }
    | { readonly kind: "cancelled" }
    | { readonly kind: "rejected"; readonly code: string; readonly message: string }
    | { readonly kind: "expired" }
    | {
        readonly kind: "replaced";
        readonly newBrokerOrderId: BrokerOrderId | null;
        readonly newReference: BrokerReference | null;
      }
    | { readonly kind: "cancel_refused"; readonly message: string }
    | { readonly kind: "replace_refused"; readonly message: string }
    | { readonly kind: "busted"; readonly executionId: ExecutionId }
    | {
        readonly kind: "corrected";
        readonly executionId: ExecutionId;
        readonly by: Omit<Execution, "orderId">;
      }
    /** The order as REST shows it, without saying what changed. */
    | { readonly kind: "seen" }
  );

export type SubmitOutcome =
  | { readonly result: "accepted"; readonly snapshot: BrokerOrderSnapshot }
  | { readonly result: "rejected"; readonly code: string; readonly message: string }
  /** The broker knows this reference already: the order must be looked up and compared. */
  | { readonly result: "duplicate" }
  | { readonly result: "rate_limited"; readonly retryAt: number }
  /** Nothing left this machine: the intent stands and may be sent again as it is. */
  | { readonly result: "not_sent"; readonly cause: string }
  | { readonly result: "unresolved"; readonly cause: string; readonly alarm: boolean };

export type CancelOutcome =
  | { readonly result: "requested" }
  | { readonly result: "refused"; readonly message: string }
  | { readonly result: "not_found" }
  | { readonly result: "rate_limited"; readonly retryAt: number }
  | { readonly result: "not_sent"; readonly cause: string }
  | { readonly result: "unresolved"; readonly cause: string; readonly alarm: boolean };

export type ReplaceOutcome =
  | { readonly result: "requested"; readonly snapshot: BrokerOrderSnapshot }
  | { readonly result: "refused"; readonly message: string }
  | { readonly result: "rate_limited"; readonly retryAt: number }
  | { readonly result: "not_sent"; readonly cause: string }
  | { readonly result: "unresolved"; readonly cause: string; readonly alarm: boolean };

export type LookupOutcome =
  | { readonly result: "found"; readonly snapshot: BrokerOrderSnapshot }
  | { readonly result: "not_found" }
  | { readonly result: "rate_limited"; readonly retryAt: number }
  | { readonly result: "unavailable"; readonly cause: string };

/** A call to the broker that a committed event asked for. */
export type BrokerCall =
  | {
      readonly kind: "submit";
      readonly orderId: OrderId;
      readonly instrumentId: InstrumentId;
      readonly generation: number;
      readonly reference: BrokerReference;
      readonly terms: OrderTerms;
      /** After this instant it does not leave any more: its signal is too old. Never when null. */
      readonly leavesBy?: number | null;
    }
  | {
      readonly kind: "cancel";
      readonly orderId: OrderId;
      readonly instrumentId: InstrumentId;
      readonly brokerOrderId: BrokerOrderId;
    }
  | {
      readonly kind: "replace";
      readonly orderId: OrderId;
      readonly instrumentId: InstrumentId;
      readonly brokerOrderId: BrokerOrderId;
      readonly generation: number;
      readonly reference: BrokerReference;
      readonly change: TermsChange;
      readonly terms: OrderTerms;
    }
  | {
      readonly kind: "lookup";
      readonly orderId: OrderId;
      readonly instrumentId: InstrumentId;
      readonly reference: BrokerReference | null;
      readonly brokerOrderId: BrokerOrderId | null;
    };

export type CallOutcome =
  | {
      readonly kind: "submit";
      readonly orderId: OrderId;
      readonly generation: number;
      readonly outcome: SubmitOutcome;
    }
  | { readonly kind: "cancel"; readonly orderId: OrderId; readonly outcome: CancelOutcome }
  | {
      readonly kind: "replace";
      readonly orderId: OrderId;
      readonly generation: number;
      readonly outcome: ReplaceOutcome;
    }
  | { readonly kind: "lookup"; readonly orderId: OrderId; readonly outcome: LookupOutcome };

export interface BrokerPosition {
  readonly symbol: string;
  readonly instrumentId: InstrumentId | null;
  readonly quantity: Decimal;
  readonly averagePrice: Decimal | null;
}

export interface BrokerAccount {
  readonly number: string;
  readonly currency: string;
  readonly equity: Decimal;
  readonly cash: Decimal;
  readonly buyingPower: Decimal;
  readonly nonMarginableBuyingPower: Decimal | null;
  readonly shortingEnabled: boolean;
  readonly tradingBlocked: boolean;
}

/** An entry of the account that is not a trade: a fee, a split, a transfer, a dividend. */
export interface BrokerActivity {
  readonly id: string;
  readonly type: string;
  /**
   * `cancelled`: taken back, whether it was counted before or not. `corrected`: instead of an earlier one.
   * `pending`: the rest of it is still to be told, and nothing of it counts before.
   */
  readonly status: "executed" | "corrected" | "cancelled" | "pending";
  readonly symbol: string | null;
  readonly instrumentId: InstrumentId | null;
  readonly quantity: Decimal | null;
  readonly netAmount: Decimal | null;
  readonly price: Decimal | null;
  readonly at: number;
  /** Only its day is known: `at` is the first moment of it at the broker, and this the last. */
  readonly until?: number;
}

/** Everything a reconciliation compares, read in one go; `at` is from before the first read. */
export interface BrokerView {
  readonly at: number;
  /** The same instant by the broker's own clock; null where it has none to ask. */
  readonly brokerAt?: number | null;
  /** How far our log had come when the reading began: of a fill behind that the view may not tell. */
  readonly logSeq: number;
  readonly account: BrokerAccount;
  readonly openOrders: readonly BrokerOrderSnapshot[];
  /** Orders of ours that were not among the open ones, each asked for by itself. */
  readonly askedOrders: readonly BrokerOrderSnapshot[];
  /** Orders placed since the stream was last whole of which the book does not know the end. */
  readonly pastOrders: readonly BrokerOrderSnapshot[];
  readonly executions: readonly (Omit<Execution, "orderId"> & {
    readonly symbol: string;
    readonly side: Side;
  })[];
  readonly positions: readonly BrokerPosition[];
  readonly activities: readonly BrokerActivity[];
}
