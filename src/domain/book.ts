// The state of one partition's accounts, what may be asked of it, and what it answers. The book is
// mutable for speed and has one writer: `applyEvent` (apply.ts). `decide` (decide.ts) only reads it, but for
// memories of what it has worked out, which could be forgotten at any time.
// When a commit fails the book is thrown away and loaded again, so nothing is ever undone.
import type {
  BrokerCall,
  BrokerReport,
  BrokerTraits,
  BrokerView,
  BrokerOrderSnapshot,
  CallOutcome,
} from "./broker.ts";
import type { CalendarOverrides } from "./calendar/override.ts";
import type { Command } from "./command.ts";
import type { Decimal } from "./decimal.ts";
import type { ForeignFill, ParkedExecution, RecordedEvent, StrategyBaseline } from "./event.ts";
import type {
  AccountId,
  BrokerOrderId,
  BrokerReference,
  ExecutionId,
  InstrumentId,
  OrderId,
  StrategyId,
} from "./ids.ts";
import type { HeldEnds } from "./held-ends.ts";
import type { HeldOrders } from "./held-orders.ts";
import type { Instrument } from "./instrument.ts";
import type { LimitTable } from "./limits.ts";
import type { MarkSource, RateSource } from "./market.ts";
import type { OrderState } from "./order/state.ts";
import type { PositionLedger } from "./position/ledger.ts";
import type { Adjustment } from "./position/state.ts";
import type { ChangeListener } from "./risk/changes.ts";
import type { Signal } from "./signal.ts";
import type { StrategyOrders } from "./strategy-orders.ts";
import type { TradingStateTable } from "./trading-state.ts";
import type { UnreadableCommand, UnreadableSignal } from "./unreadable.ts";

export interface Account {
  readonly id: AccountId;
  readonly broker: string;
  readonly environment: "mock" | "paper" | "live";
  readonly currency: string;
  readonly dayZone: string;
  /** `HH:MM` in the zone at which a trading day begins. */
  readonly dayRoll: string;
}

export interface AccountEquity {
  readonly equity: Decimal;
  readonly cash: Decimal;
  readonly buyingPower: Decimal;
  readonly nonMarginableBuyingPower: Decimal | null;
  readonly shortingEnabled: boolean;
  readonly at: number;
}

export interface TradingDay {
  readonly date: string;
  readonly equityBaseline: Decimal | null;
  /** Realised gross minus fees of the account when the day began: the loss is counted from here. */
  readonly realizedBaseline: Decimal;
  readonly unrealizedBaseline: Decimal;
  /** The same of each strategy; one that is not named began with nothing. */
  readonly strategyBaselines: readonly StrategyBaseline[];
  readonly ordersPlaced: number;
  readonly lossLimitCrossed: boolean;
}

export interface StrategyPace {
  readonly recent: number[];
  today: number;
}

/** When something came into the log, by our clock, which may jump, and by its place, which only grows. */
export interface Logged {
  readonly at: number;
  readonly seq: number;
}

export interface SuspectedDifference extends Logged {
  readonly difference: Decimal;
  /** What the broker says was paid for what it holds. */
  readonly averagePrice: Decimal | null;
}

/** When what the broker held was taken as it is with nothing that explained it. */
export interface Correction {
  readonly id: string;
  readonly at: number;
  /** At which our position was corrected; null kept the cost as it was, or it was left to others. */
  readonly price: Decimal | null;
  readonly isOthers: boolean;
  /** What of it nothing has explained since. Not in any table: null then. */
  readonly left: Decimal | null;
  /** What was held before it. Not in any table: null then. */
  readonly before: HeldBefore | null;
}

export type Ours = Pick<Adjustment, "quantity" | "amount">;

/** By the instant of what moved it at the broker, or of the word that it is theirs. */
export interface OthersMove {
  readonly at: number;
  readonly quantity: Decimal;
}

export interface HeldBefore {
  readonly net: Decimal;
  readonly others: Decimal;
  /** What each strategy held, and what the correction added to it. */
  readonly shares: ReadonlyMap<StrategyId, { readonly held: Decimal; readonly moved: Decimal }>;
}

/** What the record says of cash beside positions, and how it compares with what the broker shows. */
export interface CashBook {
  /** Sum of what came and went without an instrument, the cash of the beginning included. */
  readonly adjusted: Decimal;
  /** Whether the cash of the beginning is recorded: nothing can be compared before. */
  readonly isOpen: boolean;
  /** The difference told last, theirs minus ours; zero when it was explained since. */
  readonly told: Decimal;
  /** What a person has accepted as it is: no difference any more. */
  readonly accepted: Decimal;
  /** What the last looks found unexplained, all of them the same since the instant. Not in any table. */
  readonly look: { readonly unexplained: Decimal; readonly since: number } | null;
}

export interface ExternalOrder {
  readonly snapshot: BrokerOrderSnapshot;
  readonly ignored: boolean;
}

export interface AccountBook {
  readonly account: Account;
  /** Open orders, and closed ones that an input of this batch names (loaded before decide). */
  readonly orders: Map<OrderId, OrderState>;
  /** Ids of orders that are not terminal, in the order of their placing. */
  readonly open: Set<OrderId>;
  /** Those of them that are still pending: their intent is not written. Walked in the order of placing. */
  readonly held: HeldOrders;
  /** Those of the held ones that wait for a token: nothing overtakes them. */
  readonly queued: Set<OrderId>;
  /** Those that wait for what goes before them on their symbol. */
  readonly turns: Set<OrderId>;
  /**
   * Sends of another process, or of this one before it lost its place, that have no answer: until it is
   * known what became of them, what was decided later on their symbols waits. In no table: a start asks.
   */
  readonly unanswered: Set<OrderId>;
  /** Open orders of which something is asked at the broker, or whose fate is not known. */
  readonly unsettled: Set<OrderId>;
  /** When an open order was last heard of, the one heard of longest ago first. */
  readonly heard: Map<OrderId, number>;
  /** Closed orders still kept, with the instant they closed, the oldest first: let go between batches. */
  readonly closed: Map<OrderId, number>;
  readonly openByInstrument: Map<InstrumentId, Set<OrderId>>;
  readonly openByStrategy: StrategyOrders;
  readonly byReference: Map<BrokerReference, OrderId>;
  readonly byBrokerOrderId: Map<BrokerOrderId, OrderId>;
  /** Net and per strategy. */
  readonly positions: PositionLedger;
  /** Orders of the account that are not ours: counted as exposure until adopted or gone. */
  readonly external: Map<BrokerOrderId, ExternalOrder>;
  /** Orders of others that are known to be over, the one heard of longest ago first. */
  readonly goneExternal: Set<BrokerOrderId>;
  readonly frozen: Map<InstrumentId, string>;
  /** Executions whose order is not known (yet), by their id. */
  readonly parked: Map<ExecutionId, ParkedExecution>;
  /** Fills of others' orders as they were counted, by the broker's order: it may turn out to be ours. */
  readonly foreign: Map<BrokerOrderId, readonly ForeignFill[]>;
  /** Position differences seen by one reconciliation; the next one that sees them still corrects them. */
  readonly suspected: Map<InstrumentId, SuspectedDifference>;
  /** What the broker holds of an instrument and is another's: no difference, and counted as held. */
  readonly others: Map<InstrumentId, Decimal>;
  /** What came to the others of an instrument and left them last, the oldest first. In the log alone. */
  readonly othersMoved: Map<InstrumentId, readonly OthersMove[]>;
  /** The last corrections of an instrument, the oldest first: what is told late may be in there. */
  readonly corrected: Map<InstrumentId, readonly Correction[]>;
  /**
   * The last fill of an instrument: a view that was begun before it says nothing about it. Its place is
   * that of the last fill, bust or correction of one.
   */
  readonly lastFill: Map<InstrumentId, Logged>;
  /** When an instrument was split last: a price from before it is of another share. */
  readonly splits: Map<InstrumentId, number>;
  /** Ids of adjustments already counted, the oldest first. */
  readonly adjustments: Set<string>;
  /** What was ours of those that move a position: what is taken back takes just that, the oldest first. */
  readonly ours: Map<string, Ours>;
  /** When the broker was first seen: what is older is in the opening balances. Null before. */
  firstContactAt: number | null;
  equity: AccountEquity | null;
  cash: CashBook;
  /** Fills since the cash agreed last: a broker may have rounded each. In the log alone. */
  fillsSinceCash: number;
  day: TradingDay | null;
  /** Instants at which orders were placed within the last minute, ascending. */
  readonly recentOrders: number[];
  /** The same for each strategy, and how many it has placed since the trading day began. */
  readonly pace: Map<StrategyId, StrategyPace>;
  /** (symbol, side, quantity) of recent signals with their instants, for the duplicate window. */
  readonly recentSignals: Map<string, number>;
  /** Sums for the risk chain, told of every change by apply; without it they are added up each time. */
  readonly aggregate?: ChangeListener;
  /** Which of the held orders a tick looks at for their end. */
  readonly ends: HeldEnds;
  /** Counter for brokers whose references are short numbers. */
  referenceCounter: number;
}

export interface Book {
  readonly partition: number;
  /** Sequence of the last event applied. */
  seq: number;
  /** Every signal and every command up to these numbers is decided. */
  decidedSignals: number;
  decidedCommands: number;
  /** Numbers of signals decided before their turn: taken back while they waited. */
  readonly decidedAhead: Set<number>;
  readonly accounts: Map<AccountId, AccountBook>;
}

/** Everything about the world that a decision may look at, passed in. */
export interface Context {
  readonly now: number;
  readonly limits: LimitTable;
  readonly trading: TradingStateTable;
  readonly marks: MarkSource;
  readonly rates: RateSource;
  readonly calendar: CalendarOverrides;
  instrument(id: InstrumentId): Instrument | undefined;
  /** The broker of an account: its constants, requests left in the rate budget, and whether it answers. */
  broker(accountId: AccountId): {
    readonly traits: BrokerTraits;
    readonly tokens: number;
    readonly up: boolean;
  };
}

export type Input =
  | { readonly kind: "signal"; readonly signal: Signal | UnreadableSignal }
  | { readonly kind: "command"; readonly command: Command | UnreadableCommand }
  | { readonly kind: "report"; readonly report: BrokerReport }
  | {
      readonly kind: "outcome";
      readonly accountId: AccountId;
      readonly outcome: CallOutcome;
      readonly at: number;
    }
  | { readonly kind: "view"; readonly accountId: AccountId; readonly view: BrokerView }
  /** Time passed, a price came, tokens came back, a limit changed: held orders and deadlines are looked at. */
  | { readonly kind: "tick"; readonly accountId: AccountId };

/** What the shell does after the commit. Losing one is safe: recovery derives it from the book again. */
export type Effect =
  | {
      readonly kind: "call";
      readonly accountId: AccountId;
      readonly call: BrokerCall;
      readonly traceParent: string | null;
    }
  | { readonly kind: "want_mark"; readonly instrumentId: InstrumentId }
  | { readonly kind: "reconcile"; readonly accountId: AccountId }
  | {
      readonly kind: "alarm";
      readonly code: string;
      readonly message: string;
      /** The order that it is about; null where it is about something else. */
      readonly orderId: OrderId | null;
    };

export interface Decision {
  readonly events: readonly RecordedEvent[];
  readonly effects: readonly Effect[];
  /** Requests of the rate budget that the intents among the events use up. */
  readonly tokensUsed: number;
  /** An intent is among the events: the commit must find the trading state's version unchanged. */
  readonly writesIntent: boolean;
  /** Something waits for just these events: once they are applied, a tick of the account is due. */
  readonly tick: boolean;
}
