// What every run trades with: accounts over several partitions, instruments that are always open and one
// that is not, and limits wide enough that chance, not a limit, decides most outcomes.
import type { Account } from "../../src/domain/book.ts";
import { Decimal } from "../../src/domain/decimal.ts";
import { asId, type AccountId, type InstrumentId, type StrategyId } from "../../src/domain/ids.ts";
import type { Instrument } from "../../src/domain/instrument.ts";
import type { LimitTable } from "../../src/domain/limits.ts";
import { buildLimitTable } from "../../src/domain/risk/limit-table.ts";

export const PARTITIONS = 4;
export const MAX_POSITION = "120";

export const ACCOUNTS: readonly Account[] = ["north", "south", "west"].map((name) => ({
  id: asId<AccountId>(name),
  broker: "simulated",
  environment: "mock",
  currency: "USD",
  dayZone: "America/New_York",
  dayRoll: "00:00",
}));

export const INSTRUMENTS: readonly Instrument[] = ["AAA", "BBB", "CCC"].map((symbol) => ({
  id: asId<InstrumentId>(`SIM:${symbol}`),
  venue: "SIM",
  symbol,
  assetClass: "stock",
  currency: "USD",
  ticks: [{ from: Decimal.ZERO, step: Decimal.of("0.01") }],
  lot: Decimal.ONE,
  fractionable: false,
  minQuantity: null,
  maxQuantity: null,
  minNotional: null,
  shortable: true,
  tradable: true,
  priceBand: null,
}));

const [ANY] = INSTRUMENTS;

/** Its market has hours. */
export const SESSION_STOCK: Instrument = {
  ...(ANY as Instrument), // there are three of them
  id: asId<InstrumentId>("XNYS:DDD"),
  venue: "XNYS",
  symbol: "DDD",
};

export const ALL_INSTRUMENTS: readonly Instrument[] = [...INSTRUMENTS, SESSION_STOCK];

export const STRATEGIES = ["slow", "fast"].map((name) => asId<StrategyId>(name));

const SETTINGS: Readonly<Record<string, string | null>> = {
  max_position_size_usd: null,
  max_position_qty: MAX_POSITION,
  max_orders_per_minute: null,
  max_orders_per_day: null,
  max_leverage: null,
  check_wash_trade: "false",
  market_closed_hold_seconds: "60",
  allow_short: "true",
};

export function limits(): LimitTable {
  const rows = Object.entries(SETTINGS).map(([key, value]) => ({
    key,
    value,
    hard: false,
    shadow: false,
  }));
  const built = buildLimitTable(1, rows, []);
  if (!built.ok) throw new Error(built.problems.join(" "));
  return built.table;
}
