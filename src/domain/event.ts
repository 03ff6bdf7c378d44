// The log's vocabulary. Everything that is true about an account is the fold of these; each is recorded
// once, past tense, and never changed. A new kind or field raises VERSION and keeps the old one readable.
import type { BrokerOrderSnapshot } from "./broker.ts";
import type { CommandOutcome } from "./command.ts";
import type { Decimal } from "./decimal.ts";
import type {
  AccountId,
  BrokerOrderId,
  BrokerReference,
  CommandId,
  ExecutionId,
  InstrumentId,
  OrderId,
  SignalId,
  StrategyId,
} from "./ids.ts";
import type { Hold, OrderSpec, Side, TermsChange } from "./order/spec.ts";
import type { Counting, Execution, OrderFlag, Unresolved } from "./order/state.ts";
import type { Adjustment, CashAdjustment } from "./position/state.ts";
import type { Refusal, RejectCode, RejectedBy, Verdict } from "./refusal.ts";
import type { TradingState } from "./trading-state.ts";

export const EVENT_VERSION = 1;

/** The price a decision used, and how old it was then. */
export interface UsedMark {
  readonly bid: Decimal | null;
  readonly ask: Decimal | null;
  readonly last: Decimal | null;
  readonly ageMs: number;
}

export interface Explains {
  readonly correction: string;
  readonly quantity: Decimal;
}

/** What a strategy had gained on its own positions when a day began, in the account's currency. */
export interface StrategyBaseline {
  readonly strategyId: StrategyId;
  /** Realised gross minus fees and unrealised together; null: a price or a rate was missing then. */
  readonly result: Decimal | null;
}

interface OrderEvent {
  readonly orderId: OrderId;
}

export type DomainEvent =
  // What became of a request.
  | {
      readonly type: "SignalDecided";
      readonly signalId: SignalId;
      readonly number: number;
      readonly instrumentId: InstrumentId;
      readonly strategyId: StrategyId | null;
      readonly outcome: "ordered" | "held" | "rejected" | "nothing_to_do";
      readonly refusal: Refusal | null;
      readonly verdicts: readonly Verdict[];
      readonly mark: UsedMark | null;
      readonly limitsVersion: number;
      readonly orderIds: readonly OrderId[];
    }
  | {
      readonly type: "CommandDecided";
      readonly commandId: CommandId;
      readonly number: number;
      readonly outcome: CommandOutcome;
      /** What the chain said of the order that it refused: of a close, or of a change. */
      readonly verdicts?: readonly Verdict[];
    }
  // The life of an order.
  | (OrderEvent & { readonly type: "OrderPlaced"; readonly order: OrderSpec })
  | (OrderEvent & {
      readonly type: "OrderHeld";
      readonly reason: Hold;
      readonly until: number | null;
    })
  /** The intent: committed before any byte leaves for the broker. */
  | (OrderEvent & {
      readonly type: "OrderSubmitted";
      readonly generation: number;
      readonly reference: BrokerReference;
      /** Held orders run the chain again when released: the verdicts and price of that moment. */
      readonly verdicts: readonly Verdict[] | null;
      readonly mark: UsedMark | null;
    })
  | (OrderEvent & {
      readonly type: "OrderAccepted";
      readonly brokerOrderId: BrokerOrderId | null;
      readonly brokerAt: number;
    })
  | (OrderEvent & { readonly type: "OrderExecuted"; readonly execution: Execution })
  /** The broker says that nothing is left to fill: how an order for a notional ends. */
  | (OrderEvent & { readonly type: "OrderCompleted" })
  | (OrderEvent & { readonly type: "ExecutionBusted"; readonly executionId: ExecutionId })
  | (OrderEvent & {
      readonly type: "ExecutionCorrected";
      readonly executionId: ExecutionId;
      readonly by: Execution;
    })
  | (OrderEvent & { readonly type: "CancelRequested"; readonly reason: string })
  | (OrderEvent & { readonly type: "CancelRefused"; readonly message: string })
  | (OrderEvent & {
      readonly type: "OrderCancelled";
      readonly by: "broker" | "engine";
      readonly message: string | null;
    })
  | (OrderEvent & {
      readonly type: "ReplaceRequested";
      readonly generation: number;
      readonly reference: BrokerReference;
      readonly change: TermsChange;
      /** What the chain said of the order as it would then be. */
      readonly verdicts?: readonly Verdict[];
    })
  | (OrderEvent & { readonly type: "ReplaceRefused"; readonly message: string })
  | (OrderEvent & {
      readonly type: "OrderReplaced";
      readonly generation: number;
      readonly reference: BrokerReference | null;
      readonly brokerOrderId: BrokerOrderId | null;
      readonly change: TermsChange;
    })
  /** How the broker shows the order that took an old one's place: the whole, or what was left of it. */
  | (OrderEvent & {
      readonly type: "ReplacementShown";
      readonly brokerOrderId: BrokerOrderId;
      readonly quantity: Decimal;
      readonly filledQuantity: Decimal;
      /** Where what is shown says it for certain. */
      readonly counting?: Counting;
    })
  | (OrderEvent & {
      readonly type: "OrderRejected";
      readonly by: RejectedBy;
      readonly code: RejectCode;
      readonly message: string;
      /** Where the chain refused a held order at its release: its verdicts then. */
      readonly verdicts?: readonly Verdict[];
    })
  | (OrderEvent & { readonly type: "OrderExpired"; readonly by: "broker" | "engine" })
  | (OrderEvent & { readonly type: "OrderUnresolved"; readonly unresolved: Unresolved })
  | (OrderEvent & { readonly type: "OrderResolved"; readonly how: string })
  /** Something arrived that should not have: recorded, flagged, and otherwise without effect. */
  | (OrderEvent & {
      readonly type: "OrderFlagged";
      readonly flag: OrderFlag;
      readonly detail: string;
    })
  // The account.
  | {
      readonly type: "AccountObserved";
      readonly equity: Decimal;
      readonly cash: Decimal;
      readonly buyingPower: Decimal;
      readonly nonMarginableBuyingPower: Decimal | null;
      readonly shortingEnabled: boolean;
      /** When the broker was asked: what happened since then is not in the figures. */
      readonly asOf: number;
      /** What of the cash the record does not explain; left out where the look could not tell. */
      readonly unexplainedCash?: Decimal;
    }
  | {
      readonly type: "PositionAdjusted";
      readonly adjustment: Adjustment;
      /** What was told, and so much of it is in that correction already. */
      readonly explains?: Explains;
      /** The fill of another's order that it counts; an older event lacks it. */
      readonly foreign?: ForeignFill;
      /** The adjustment of such a fill that it takes back: the order is ours, and the fill counts there. */
      readonly undoes?: string;
    }
  | { readonly type: "CashAdjusted"; readonly adjustment: CashAdjustment }
  | {
      readonly type: "TradingDayStarted";
      readonly date: string;
      readonly equityBaseline: Decimal | null;
      /** Realised gross minus fees, and unrealised, when the day began: losses count from there. */
      readonly realizedBaseline: Decimal;
      readonly unrealizedBaseline: Decimal;
      /** Of every strategy that ever traded. An older event lacks it: all of them began at zero. */
      readonly strategyBaselines?: readonly StrategyBaseline[];
    }
  | {
      readonly type: "LossLimitCrossed";
      readonly limit: "max_daily_loss_usd" | "max_daily_loss_percent";
      readonly loss: Decimal;
      readonly allowed: Decimal;
    }
  /** Losses count from here on, or the limit would be crossed again at once. */
  | {
      readonly type: "LossLimitReset";
      readonly reason: string;
      readonly realizedBaseline: Decimal;
      readonly unrealizedBaseline: Decimal;
      readonly strategyBaselines?: readonly StrategyBaseline[];
    }
  | {
      readonly type: "TradingStateChanged";
      readonly state: TradingState;
      readonly strategyId: StrategyId | null;
      readonly reason: string;
    }
  | { readonly type: "SymbolFrozen"; readonly instrumentId: InstrumentId; readonly reason: string }
  | {
      readonly type: "SymbolUnfrozen";
      readonly instrumentId: InstrumentId;
      readonly reason: string;
    }
  // Reconciliation.
  | {
      readonly type: "DifferenceFound";
      readonly kind: "order" | "execution" | "position" | "cash";
      readonly subject: string;
      readonly ours: string | null;
      readonly theirs: string | null;
      /** What was done about it. */
      readonly action: string;
      /** Of a position: what the broker says was paid for it on average. An older event lacks it. */
      readonly averagePrice?: Decimal;
    }
  /**
   * What of the broker's figure is not ours to explain from now on: so much of a position is another's,
   * so much of the cash is accepted as it is. Zero: nothing any more.
   */
  | {
      readonly type: "DifferenceAccepted";
      readonly kind: "position" | "cash";
      /** An instrument, or the currency. */
      readonly subject: string;
      readonly amount: Decimal;
      readonly reason: string;
      /** So many shares came to it, or left it, and nothing had told why. */
      readonly unexplained?: Decimal;
      /** When it was so at the broker; without it when it was said. */
      readonly since?: number;
    }
  | { readonly type: "ExternalOrderSeen"; readonly snapshot: BrokerOrderSnapshot }
  | { readonly type: "ExternalOrderClosed"; readonly brokerOrderId: BrokerOrderId }
  | { readonly type: "ExternalOrderIgnored"; readonly brokerOrderId: BrokerOrderId }
  | {
      readonly type: "BrokerFactParked";
      readonly description: string;
      readonly raw: string;
      /** What can be matched later, when the order turns out to be ours. */
      readonly parked: ParkedExecution | null;
    };

/** A fill of an order that the book does not know (yet). */
export interface ParkedExecution {
  readonly brokerOrderId: BrokerOrderId | null;
  readonly reference: BrokerReference | null;
  readonly instrumentId: InstrumentId | null;
  readonly side: Side | null;
  readonly execution: Omit<Execution, "orderId">;
}

export type EventType = DomainEvent["type"];
export type EventOf<Type extends EventType> = Extract<DomainEvent, { type: Type }>;

/** A fill of an order that was not ours when it was told, and how it was counted. */
export interface ForeignFill {
  readonly told: ParkedExecution;
  readonly instrumentId: InstrumentId;
  /** So much of it was theirs to whom something is left. */
  readonly theirs: Decimal;
  /** It was in a correction already, at that price, so that it moved nothing. */
  readonly covered: { readonly price: Decimal | null; readonly isOthers: boolean } | null;
}

/** All that the book looks at. */
export interface ToldEvent {
  readonly accountId: AccountId;
  readonly at: number;
  readonly event: DomainEvent;
}

/** An event on its way into the log: what it says, about whom, and what caused it. */
export interface RecordedEvent extends ToldEvent {
  /** An API key, a person, `engine`, `broker`, `reconciler`. */
  readonly actor: string;
  /** The signal or command at the root of it. */
  readonly correlationId: string | null;
  /** The event or input that led to it directly. */
  readonly causationId: string | null;
}

/** An event in the log. */
export interface LoggedEvent extends RecordedEvent {
  readonly partition: number;
  /** Gap-free in its partition, from 1. */
  readonly seq: number;
  readonly version: number;
}
