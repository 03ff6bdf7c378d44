// Limits, trading states, accounts, instruments, calendars and rates as every process sees them.
import type { Account } from "../../domain/book.ts";
import type { CalendarOverrides } from "../../domain/calendar/override.ts";
import { asId, type AccountId, type StrategyId } from "../../domain/ids.ts";
import type { Instrument } from "../../domain/instrument.ts";
import type { LimitTable } from "../../domain/limits.ts";
import type { RateSource } from "../../domain/market.ts";
import { buildLimitTable } from "../../domain/risk/limit-table.ts";
import {
  TRADING_STATES,
  type TradingStateRow,
  type TradingStateTable,
} from "../../domain/trading-state.ts";
import type { ConfigurationStore } from "../../ports/store.ts";
import type { Listener } from "../../ports/until-heard.ts";
import { reading, type Sql } from "../client.ts";
import { word } from "../json-shape.ts";
import { accountFromRow, type AccountDbRow } from "./accounts.ts";
import { readCalendarOverrides } from "./calendar-overrides.ts";
import { readRates } from "./fx-rates.ts";
import { instrumentFromRow, type InstrumentDbRow } from "./instruments.ts";
import { watchConfiguration } from "./watch.ts";

interface ConfigDbRow {
  readonly key: string;
  readonly value: string | null;
  readonly hard: boolean;
  readonly shadow: boolean;
}

interface OverrideDbRow {
  readonly key: string;
  readonly value: string | null;
  readonly hard: boolean;
  readonly shadow: boolean | null;
  readonly account_id: string | null;
  readonly symbol: string | null;
  readonly strategy_id: string | null;
}

interface StateDbRow {
  readonly account_id: string | null;
  readonly strategy_id: string | null;
  readonly state: string;
  readonly reason: string | null;
  readonly version: number;
}

const tradingState = word(TRADING_STATES);

export class PostgresConfiguration implements ConfigurationStore {
  readonly #sql: Sql;
  #instruments: { readonly written: string; readonly rows: Promise<readonly Instrument[]> } | null =
    null;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async limits(): Promise<LimitTable> {
    const { version, configs, overrides } = await reading(() => this.#limitRows());
    const built = buildLimitTable(version, configs, overrides.map(overrideFromRow));
    if (built.ok) return built.table;
    throw new Error(`the limits cannot be read: ${built.problems.join("; ")}`);
  }

  /** The version is read first: a change in between makes the table look older, never newer. */
  async #limitRows() {
    const sql = this.#sql;
    const [counted] = await sql<{ version: number }[]>`SELECT version FROM config_version`;
    const [configs, overrides] = await Promise.all([
      sql<ConfigDbRow[]>`SELECT key, value, hard, shadow FROM configs`,
      sql<OverrideDbRow[]>`
        SELECT key, value, hard, shadow, account_id, symbol, strategy_id FROM config_overrides`,
    ]);
    return { version: counted?.version ?? 0, configs, overrides };
  }

  /** One statement, so that version and rows belong together. */
  async tradingStates(): Promise<TradingStateTable> {
    const rows = await reading(
      () => this.#sql<StateDbRow[]>`
        SELECT s.*, v.version FROM trading_version v CROSS JOIN (
          SELECT NULL AS account_id, NULL AS strategy_id, value AS state, reason FROM configs
          WHERE key = 'trading_state'
          UNION ALL
          SELECT account_id, strategy_id, state, reason FROM trading_states) AS s`,
    );
    return { version: rows[0]?.version ?? 0, rows: rows.map(stateFromRow) };
  }

  async accounts(): Promise<readonly Account[]> {
    const rows = await reading(
      () => this.#sql<AccountDbRow[]>`SELECT * FROM accounts ORDER BY created_at, id`,
    );
    return rows.map(accountFromRow);
  }

  /**
   * Asked for at every change of a limit, by several: thousands of rows are read again only when one was
   * written. What stands in `xmin` is the transaction that wrote the row, whoever it was.
   */
  async instruments(): Promise<readonly Instrument[]> {
    const [found] = await reading(
      () => this.#sql<{ written: string }[]>`
        SELECT count(*) || ' ' || coalesce(sum(xmin::text::bigint), 0) AS written FROM instruments`,
    );
    const written = found?.written ?? "";
    if (this.#instruments?.written !== written) {
      this.#instruments = { written, rows: this.#readInstruments() };
    }
    const kept = this.#instruments;
    try {
      return await kept.rows;
    } catch (error: unknown) {
      if (this.#instruments === kept) this.#instruments = null;
      throw error;
    }
  }

  async #readInstruments(): Promise<readonly Instrument[]> {
    const rows = await reading(
      () => this.#sql<InstrumentDbRow[]>`SELECT * FROM instruments ORDER BY id`,
    );
    return rows.map(instrumentFromRow);
  }

  calendarOverrides(): Promise<CalendarOverrides> {
    return reading(() => readCalendarOverrides(this.#sql));
  }

  rates(): Promise<RateSource> {
    return reading(() => readRates(this.#sql));
  }

  onChange(callback: Listener): Promise<() => Promise<void>> {
    return watchConfiguration(this.#sql, callback);
  }
}

function overrideFromRow(row: OverrideDbRow) {
  const { key, value, hard, shadow, symbol } = row;
  return {
    key,
    value,
    hard,
    shadow,
    symbol,
    accountId: row.account_id,
    strategyId: row.strategy_id,
  };
}

function stateFromRow(row: StateDbRow): TradingStateRow {
  return {
    accountId: row.account_id === null ? null : asId<AccountId>(row.account_id),
    strategyId: row.strategy_id === null ? null : asId<StrategyId>(row.strategy_id),
    state: tradingState(row.state, "trading_states.state"),
    reason: row.reason ?? "",
  };
}
