// What people ask of the record. Rows carry the words of the API (`qty`, `filled_price`): money is
// exact text, instants are dates, and what a row means is the same in JSON, tables and docs.
import type { PositionKey } from "../domain/position/state.ts";

/** Null is no restriction; an empty list of accounts shows nothing. */
export interface Scope {
  readonly accounts: readonly string[] | null;
}

export interface Page {
  readonly limit: number;
  /** Rows after this one, in the order of the listing; null is the first page. */
  readonly after: string | null;
  /** Rows to skip instead, for numbered pages. */
  readonly offset: number;
}

export interface SignalFilter extends Scope {
  readonly outcome: string | null;
  /** Ids of instruments; null is all of them. */
  readonly instruments: readonly string[] | null;
  readonly strategy: string | null;
  readonly from: Date | null;
  readonly to: Date | null;
}

export interface SignalRow {
  readonly id: string;
  readonly account: string;
  readonly instrument_id: string;
  readonly strategy: string | null;
  readonly symbol: string;
  readonly venue: string;
  /** The signal as the worker reads it (domain/codec/signal.ts), parsed as JSON. */
  readonly body: unknown;
  readonly reason: string | null;
  readonly actor: string;
  readonly number: number;
  readonly partition: number;
  readonly trace_parent: string | null;
  readonly received_at: Date;
  /** Null while it waits. */
  readonly outcome: string | null;
  readonly rejected_by: string | null;
  readonly reject_code: string | null;
  readonly error_message: string | null;
  readonly limits_version: number | null;
  readonly mark_bid: string | null;
  readonly mark_ask: string | null;
  readonly mark_last: string | null;
  readonly mark_age_ms: number | null;
  readonly order_ids: readonly string[];
  readonly decided_at: Date | null;
}

export interface OrderFilter extends Scope {
  readonly statuses: readonly string[] | null;
  readonly instruments: readonly string[] | null;
  readonly side: string | null;
  readonly strategy: string | null;
  readonly signalId: string | null;
  readonly from: Date | null;
  readonly to: Date | null;
}

export interface OrderRow {
  readonly id: string;
  readonly signal_id: string | null;
  readonly command_id: string | null;
  readonly parent_id: string | null;
  readonly account: string;
  readonly strategy: string | null;
  readonly symbol: string;
  readonly venue: string;
  readonly role: string;
  readonly link_group: string | null;
  readonly reduces_position: boolean;
  readonly waits_for: readonly string[];
  readonly side: string;
  readonly type: string;
  readonly time_in_force: string;
  readonly qty: string | null;
  readonly notional: string | null;
  readonly limit_price: string | null;
  readonly stop_price: string | null;
  readonly trail_price: string | null;
  readonly trail_percent: string | null;
  readonly extended_hours: boolean;
  readonly take_profit: { readonly limit_price: string } | null;
  readonly stop_loss: { readonly stop_price: string; readonly limit_price: string | null } | null;
  readonly status: string;
  readonly hold: string | null;
  readonly hold_until: Date | null;
  readonly pending_action: string | null;
  readonly unresolved: UnresolvedRow | null;
  readonly generation: number;
  readonly reference: string | null;
  readonly broker_order_id: string | null;
  readonly filled_qty: string;
  readonly filled_price: string | null;
  readonly rejected_by: string | null;
  readonly reject_code: string | null;
  readonly error_message: string | null;
  readonly flags: readonly string[];
  readonly reason: string | null;
  readonly received_at: Date;
  readonly valid_until: Date | null;
  readonly placed_at: Date;
  readonly submitted_at: Date | null;
  readonly accepted_at: Date | null;
  readonly closed_at: Date | null;
  readonly updated_at: Date;
  readonly version: number;
}

export interface UnresolvedRow {
  readonly action: string;
  readonly since: Date;
  readonly cause: string;
  readonly lookups: number;
}

export interface ExecutionRow {
  readonly id: string;
  readonly order_id: string;
  readonly broker_order_id: string | null;
  readonly side: string;
  readonly qty: string;
  readonly price: string;
  readonly fee: string;
  readonly fee_in_asset: string;
  readonly executed_at: Date;
  readonly source: string;
  readonly busted: boolean;
  readonly corrected_by: string | null;
}

/** An event of the log as it was written; `payload` is the event itself. */
export interface EventRow {
  readonly partition: number;
  readonly seq: number;
  readonly type: string;
  readonly account: string;
  readonly order_id: string | null;
  readonly at: Date;
  readonly actor: string;
  readonly correlation_id: string | null;
  readonly payload: unknown;
}

export interface PositionFilter extends Scope {
  readonly instruments: readonly string[] | null;
  readonly strategy: string | null;
  readonly byStrategy: boolean;
  readonly includeClosed: boolean;
}

export interface PositionRow {
  readonly account: string;
  readonly instrument_id: string;
  readonly symbol: string;
  readonly venue: string;
  readonly currency: string;
  readonly asset_class: string;
  readonly strategy: string | null;
  readonly qty: string;
  readonly cost_basis: string;
  readonly avg_price: string | null;
  readonly last_price: string | null;
  readonly last_price_at: Date | null;
  readonly market_value: string | null;
  readonly unrealized_pnl: string | null;
  /** Net of fees. */
  readonly realized_pnl: string;
  readonly fees: string;
  readonly opened_at: Date | null;
  readonly updated_at: Date;
  readonly version: number;
  /** Why entries on it are refused; null when they are not. */
  readonly frozen: string | null;
}

export interface PositionHistoryRow {
  readonly account: string;
  readonly at: Date;
  readonly version: number;
  readonly strategy: string | null;
  readonly qty: string;
  readonly avg_price: string | null;
  readonly realized_pnl: string;
  readonly fees: string;
}

export interface CommandRow {
  readonly id: string;
  readonly account: string;
  readonly kind: string;
  readonly body: unknown;
  readonly actor: string;
  readonly received_at: Date;
  readonly result: string | null;
  readonly code: string | null;
  readonly message: string | null;
  readonly order_ids: readonly string[];
  readonly decided_at: Date | null;
}

export interface AccountRow {
  readonly id: string;
  readonly broker: string;
  readonly environment: string;
  readonly broker_account: string | null;
  readonly currency: string;
  readonly day_zone: string;
  readonly day_roll: string;
  readonly equity: string | null;
  readonly cash: string | null;
  readonly buying_power: string | null;
  readonly non_marginable_buying_power: string | null;
  readonly shorting_enabled: boolean | null;
  readonly observed_at: Date | null;
  readonly day_date: string | null;
  readonly day_equity_baseline: string | null;
  readonly day_realized_baseline: string | null;
  readonly day_unrealized_baseline: string | null;
  readonly day_orders_placed: number | null;
  readonly day_loss_limit_crossed: boolean | null;
}

/** Sums over an account's positions in one currency: never added across currencies. */
export interface PortfolioRow {
  readonly account: string;
  readonly currency: string;
  readonly market_value: string;
  readonly gross_market_value: string;
  readonly unrealized_pnl: string;
  readonly realized_pnl: string;
  readonly fees: string;
  readonly open_positions: number;
  /** Open positions without a price: their value is in no sum above. */
  readonly unpriced: number;
  readonly oldest_price_at: Date | null;
}

export interface PortfolioHistoryRow {
  readonly account: string;
  readonly at: Date;
  readonly equity: string | null;
  readonly cash: string | null;
  readonly buying_power: string | null;
  readonly market_value: string | null;
  readonly unrealized_pnl: string | null;
  readonly realized_pnl: string;
  readonly fees: string;
  readonly open_positions: number;
  readonly unpriced: number;
}

export interface MarkRow {
  readonly instrument_id: string;
  readonly bid: string | null;
  readonly ask: string | null;
  readonly last: string | null;
  readonly at: Date;
}

export interface SignalQueries {
  signal(id: string): Promise<SignalRow | null>;
  signals(filter: SignalFilter, page: Page): Promise<readonly SignalRow[]>;
  /** Counts up to `cap`: a listing of millions is not counted to its end. */
  countSignals(filter: SignalFilter, cap: number): Promise<number>;
  /** The decision as the log holds it, with every verdict. */
  decisionEvent(signalId: string): Promise<EventRow | null>;
  command(id: string): Promise<CommandRow | null>;
  commands(scope: Scope, page: Page): Promise<readonly CommandRow[]>;
}

export interface OrderQueries {
  order(id: string): Promise<OrderRow | null>;
  ordersByIds(ids: readonly string[]): Promise<readonly OrderRow[]>;
  orders(filter: OrderFilter, page: Page): Promise<readonly OrderRow[]>;
  countOrders(filter: OrderFilter, cap: number): Promise<number>;
  executions(orderIds: readonly string[]): Promise<readonly ExecutionRow[]>;
  /** The order's events, oldest first. */
  orderEvents(orderId: string): Promise<readonly EventRow[]>;
}

export interface PositionQueries {
  positions(filter: PositionFilter): Promise<readonly PositionRow[]>;
  /** How much is held; null where nothing ever was. */
  held(of: PositionKey): Promise<string | null>;
  positionHistory(
    filter: Scope & {
      readonly instruments: readonly string[];
      readonly strategy: string | null;
    },
    page: Page,
  ): Promise<readonly PositionHistoryRow[]>;
  accounts(scope: Scope): Promise<readonly AccountRow[]>;
  portfolio(scope: Scope): Promise<readonly PortfolioRow[]>;
  portfolioHistory(
    filter: Scope & { readonly from: Date | null; readonly to: Date | null },
    limit: number,
  ): Promise<readonly PortfolioHistoryRow[]>;
  marks(instrumentIds: readonly string[]): Promise<readonly MarkRow[]>;
}

export interface Queries extends SignalQueries, OrderQueries, PositionQueries {}
