// The limits an operator tunes with SQL: their names, kinds, defaults and what each does. The database
// seeds and validates from this table, the risk rules read the parsed form.
import type { Decimal } from "./decimal.ts";
import type { AccountId, StrategyId } from "./ids.ts";

export type LimitKind =
  | "money"
  | "quantity"
  | "percent"
  | "count"
  | "seconds"
  | "milliseconds"
  | "switch"
  | "choice"
  | "symbols";

/**
 * Which way a limit loosens: `more`, a higher number allows more; `less`, a lower one does; `on` and
 * `off` for switches; `earlier` in the list of choices; `wider` and `narrower` for sets.
 * `null` has no loose end: under a `hard` row it cannot be changed at all.
 */
export type Loosening = "more" | "less" | "on" | "off" | "earlier" | "wider" | "narrower" | null;

export interface LimitDefinition {
  readonly kind: LimitKind;
  readonly loosens: Loosening;
  /** Text as it stands in `configs.value`; null is off. */
  readonly default: string | null;
  readonly choices?: readonly string[];
  /** For what cannot be as large as its kind. */
  readonly most?: number;
  /** May be tuned, never switched off; so are all switches and choices. */
  readonly required?: boolean;
  readonly description: string;
}

export const LIMIT_DEFINITIONS = {
  max_position_size_usd: {
    kind: "money",
    loosens: "more",
    default: "10000",
    description:
      "Largest value of one position in US dollars, counting what is filled, working, held and on its way.",
  },
  max_order_qty_stock: {
    kind: "quantity",
    loosens: "more",
    default: "100",
    description: "Most shares that one stock order may ask for.",
  },
  max_order_qty_crypto: {
    kind: "quantity",
    loosens: "more",
    default: "1.0",
    description: "Most units that one crypto order may ask for.",
  },
  max_signal_age_seconds: {
    kind: "seconds",
    required: true,
    loosens: "more",
    default: "60",
    description: "A signal older than this is refused instead of traded, also after an outage.",
  },
  quote_age_max_ms: {
    kind: "milliseconds",
    loosens: "more",
    default: "30000",
    description: "An entry needs a price no older than this; an exit is only warned.",
  },
  price_collar_percent: {
    kind: "percent",
    loosens: "more",
    default: "10",
    description: "How far a limit price may lie from the last price, on the side that costs.",
  },
  max_open_orders: {
    kind: "count",
    loosens: "more",
    default: "200",
    description: "Most orders an account may have open at once.",
  },
  max_orders_per_minute: {
    kind: "count",
    loosens: "more",
    default: "60",
    description: "Most orders an account may place in any 60 seconds.",
  },
  max_orders_per_day: {
    kind: "count",
    loosens: "more",
    default: "500",
    description: "Most orders an account may place in one trading day.",
  },
  max_daily_loss_percent: {
    kind: "percent",
    loosens: "more",
    default: "5",
    description:
      "Realised and unrealised loss since the trading day began, against the equity it began with; once crossed, entries stop until the day rolls or a person resets it.",
  },
  max_leverage: {
    kind: "quantity",
    loosens: "more",
    default: "1",
    description: "Gross exposure over equity.",
  },
  max_positions: {
    kind: "count",
    loosens: "more",
    default: "50",
    description: "Most instruments an account may hold or be about to hold.",
  },
  duplicate_window_seconds: {
    kind: "seconds",
    loosens: "less",
    default: "0",
    // A signal is remembered for a day.
    most: 86_400,
    description:
      "Refuses the same account, symbol, side and quantity again within this time; 0 allows it.",
  },
  market_closed_policy: {
    kind: "choice",
    loosens: null,
    default: "reject",
    choices: ["reject", "queue"],
    description:
      "What happens to a stock signal while its market is closed: refused, or held until the open.",
  },
  market_closed_hold_seconds: {
    kind: "seconds",
    loosens: "more",
    default: "432000",
    description: "How long a signal held for the open waits before it expires.",
  },
  on_broker_down: {
    kind: "choice",
    loosens: null,
    default: "hold",
    choices: ["hold", "reject"],
    description:
      "What happens to a signal while the broker cannot be reached: held until its age runs out, or refused.",
  },
  reference_price_wait_ms: {
    kind: "milliseconds",
    loosens: "more",
    default: "2000",
    description: "How long a market order waits for a price before it is refused.",
  },
  allow_short: {
    kind: "switch",
    loosens: "on",
    default: "false",
    description: "Whether an order may take a position below zero; crypto never may.",
  },
  trading_state: {
    kind: "choice",
    loosens: "earlier",
    default: "active",
    choices: ["active", "reducing", "halted"],
    description:
      "The red button: active, reducing (exits only), halted (nothing leaves but cancels).",
  },
  enable_risk_checks: {
    kind: "switch",
    loosens: "off",
    default: "true",
    description: "Switches the limits off, never trading state, staleness or validity.",
  },
  symbols_allowed: {
    kind: "symbols",
    loosens: "wider",
    default: null,
    description: "When set, only these symbols may be entered; comma separated.",
  },
  symbols_denied: {
    kind: "symbols",
    loosens: "narrower",
    default: null,
    description: "Symbols that may not be entered; comma separated.",
  },
  max_order_notional: {
    kind: "money",
    loosens: "more",
    default: null,
    description: "Most that one order may cost, in US dollars, at its worst price.",
  },
  max_position_qty: {
    kind: "quantity",
    loosens: "more",
    default: null,
    description: "Largest quantity of one position, counting what is on its way.",
  },
  max_daily_loss_usd: {
    kind: "money",
    loosens: "more",
    default: null,
    description: "Realised and unrealised loss since the trading day began, in US dollars.",
  },
  max_loss_per_trade_percent: {
    kind: "percent",
    loosens: "more",
    default: null,
    description: "With a stop given: distance times quantity against equity.",
  },
  buying_power_reserve_percent: {
    kind: "percent",
    loosens: "less",
    default: "0",
    description: "Share of the buying power that is kept back.",
  },
  max_concentration_percent: {
    kind: "percent",
    loosens: "more",
    default: null,
    description: "Largest share of equity that one position may be.",
  },
  check_wash_trade: {
    kind: "switch",
    loosens: "off",
    default: "true",
    description: "Refuses an entry that could trade with an own opposite order.",
  },
  check_buying_power: {
    kind: "switch",
    loosens: "off",
    default: "true",
    description: "Refuses an entry that the account's buying power does not cover.",
  },
} as const satisfies Record<string, LimitDefinition>;

export type LimitKey = keyof typeof LIMIT_DEFINITIONS;

type Parsed<Kind extends LimitKind> = Kind extends "money" | "quantity" | "percent"
  ? Decimal
  : Kind extends "count" | "seconds" | "milliseconds"
    ? number
    : Kind extends "switch"
      ? boolean
      : Kind extends "symbols"
        ? ReadonlySet<string>
        : string;

/** The limits that hold for one (account, symbol, strategy); null is off. */
export type Limits = {
  readonly [Key in LimitKey]: Parsed<(typeof LIMIT_DEFINITIONS)[Key]["kind"]> | null;
} & {
  /** Set by a row for the strategy: measured on what is the strategy's own, beside the account's. */
  readonly own?: OwnLimits;
  /** Limits that only record what they would have refused. */
  readonly shadow: ReadonlySet<LimitKey>;
  /** Counts every change of configs and overrides; stored with each decision. */
  readonly version: number;
};

/** Limits that a strategy's own holding can be measured against. */
export type OwnPositionKey =
  "max_position_size_usd" | "max_position_qty" | "max_concentration_percent";
/** Limits that a strategy's own orders and instruments can be counted against. */
export type OwnCountKey =
  "max_open_orders" | "max_orders_per_minute" | "max_orders_per_day" | "max_positions";
/** Limits that a strategy's own result since the day began can be measured against. */
export type LossLimit = "max_daily_loss_usd" | "max_daily_loss_percent";
export type OwnKey = OwnPositionKey | OwnCountKey | LossLimit;
export const OWN_KEYS: readonly OwnKey[] = [
  "max_position_size_usd",
  "max_position_qty",
  "max_concentration_percent",
  "max_open_orders",
  "max_orders_per_minute",
  "max_orders_per_day",
  "max_positions",
  "max_daily_loss_usd",
  "max_daily_loss_percent",
];
export type OwnLimits = { readonly [Key in OwnPositionKey | LossLimit]?: Decimal } & {
  readonly [Key in OwnCountKey]?: number;
};

/** All limits with their overrides, resolved on demand and remembered. */
export interface LimitTable {
  readonly version: number;
  for(accountId: AccountId, symbol: string, strategyId: StrategyId | null): Limits;
}
