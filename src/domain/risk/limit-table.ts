// Turns the rows of `configs` and `config_overrides` into the limits that hold for one (account, symbol,
// strategy). Precedence: default < account < symbol < strategy < account and symbol. A later row may
// loosen an earlier one unless that one is hard; then the hard value stays the bound.
import type { AccountId, StrategyId } from "../ids.ts";
import { LIMIT_DEFINITIONS, OWN_KEYS } from "../limits.ts";
import type { LimitKey, Limits, LimitTable, OwnKey } from "../limits.ts";
import { isLimitKey, readLimit, validateLimit } from "./limit-value.ts";
import type { LimitValue } from "./limit-value.ts";
import { isLooser, looser } from "./looseness.ts";

/** One row of `configs`; null is off. */
export interface ConfigRow {
  readonly key: string;
  readonly value: string | null;
  /** No override may loosen it. */
  readonly hard: boolean;
  /** Only recorded, never refused. */
  readonly shadow: boolean;
}

/** One row of `config_overrides`, for one of: account, symbol, strategy, account and symbol. */
export interface OverrideRow {
  readonly key: string;
  readonly value: string | null;
  readonly hard: boolean;
  /** Null, or absent: as the row that it overrides. */
  readonly shadow?: boolean | null;
  readonly accountId: string | null;
  readonly symbol: string | null;
  readonly strategyId: string | null;
}

const SEPARATOR = "\u0000";
const EVERYWHERE = "everywhere";

const LEVELS = ["default", "account", "symbol", "strategy", "account_symbol"] as const;
type Level = (typeof LEVELS)[number];

interface Setting {
  readonly level: Level;
  readonly value: LimitValue;
  readonly hard: boolean;
  /** Null: as the row before. */
  readonly shadow: boolean | null;
}

type Settings = Map<LimitKey, Setting>;

export type LimitTableResult =
  | { readonly ok: true; readonly table: LimitTable }
  /** Sentences; whoever loads keeps the table before this one. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** What is wrong with a row, or null: the same answer for the API, the CLI and a load. */
export function validateOverride(row: OverrideRow): string | null {
  if (levelOf(row) === null) {
    return `an override of ${row.key} is for an account, a symbol, a strategy, or an account and a symbol`;
  }
  if (row.key === "trading_state") {
    return "trading_state has no overrides: one account or strategy is stopped with a state of its own";
  }
  return validateLimit(row.key, row.value);
}

export function buildLimitTable(
  version: number,
  configs: readonly ConfigRow[],
  overrides: readonly OverrideRow[],
): LimitTableResult {
  const problems = [
    ...configs.map((row) => validateLimit(row.key, row.value)),
    ...overrides.map(validateOverride),
  ].filter((problem) => problem !== null);
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, table: new Table(version, configs, overrides) };
}

/** The table of a fresh installation. */
export function defaultLimitTable(): LimitTable {
  return new Table(0, [], []);
}

/** Combinations kept; a table is thrown away with the next change of any limit. */
const MAX_KEPT = 50_000;

class Table implements LimitTable {
  readonly version: number;
  readonly #scopes = new Map<string, Settings>();
  readonly #kept = new Map<string, Limits>();

  constructor(version: number, configs: readonly ConfigRow[], overrides: readonly OverrideRow[]) {
    this.version = version;
    for (const key of limitKeys()) {
      const value = LIMIT_DEFINITIONS[key].default;
      this.#add("default", EVERYWHERE, { key, value, hard: false, shadow: false });
    }
    for (const row of configs) this.#add("default", EVERYWHERE, row);
    for (const row of overrides) {
      const level = levelOf(row);
      if (level !== null) this.#add(level, nameOf(row.accountId, row.symbol, row.strategyId), row);
    }
  }

  for(accountId: AccountId, symbol: string, strategyId: StrategyId | null): Limits {
    const name = nameOf(accountId, symbol, strategyId);
    const found = this.#kept.get(name);
    if (found !== undefined) return found;
    if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
    const made = this.#resolve(accountId, symbol, strategyId);
    this.#kept.set(name, made);
    return made;
  }

  #add(level: Level, name: string, row: ConfigRow | OverrideRow): void {
    if (!isLimitKey(row.key)) return;
    const read = readLimit(row.key, row.value);
    if (!read.ok) return;
    const scope = `${level} ${name}`;
    let settings = this.#scopes.get(scope);
    if (settings === undefined) this.#scopes.set(scope, (settings = new Map()));
    const { key, hard, shadow = null } = row;
    settings.set(key, { level, value: read.value, hard, shadow });
  }

  #resolve(accountId: AccountId, symbol: string, strategyId: StrategyId | null): Limits {
    const scopes = [
      `default ${EVERYWHERE}`,
      `account ${nameOf(accountId, null, null)}`,
      `symbol ${nameOf(null, symbol, null)}`,
      ...(strategyId === null ? [] : [`strategy ${nameOf(null, null, strategyId)}`]),
      `account_symbol ${nameOf(accountId, symbol, null)}`,
    ].map((scope) => this.#scopes.get(scope));

    const values: Partial<Record<LimitKey, LimitValue>> = {};
    const own: Partial<Record<OwnKey, LimitValue>> = {};
    const shadow = new Set<LimitKey>();
    for (const key of limitKeys()) {
      const rows = scopes.flatMap((settings) => settings?.get(key) ?? []);
      const winner = settle(key, rows);
      values[key] = winner.value;
      if (winner.shadow === true) shadow.add(key);
      if (winner.level !== "strategy" || !isOwnKey(key)) continue;
      if (winner.value !== null) own[key] = winner.value;
      // Beside what is the strategy's own the account stays bound, as far out as either row allows.
      const others = settle(
        key,
        rows.filter(({ level }) => level !== "strategy"),
      );
      values[key] = looser(key, winner.value, others.value);
    }
    // Each key was read by the reader of its own kind, which is what `Limits` says of it.
    return { ...values, own, shadow, version: this.version } as unknown as Limits;
  }
}

/** The last row counts, held back by every hard row before it that it would loosen. */
function settle(key: LimitKey, rows: readonly Setting[]): Setting {
  let winner: Setting = { level: "default", value: null, hard: false, shadow: false };
  const hard: Setting[] = [];
  for (const row of rows) {
    winner = { ...row, shadow: row.shadow ?? winner.shadow };
    for (const bound of hard) {
      if (isLooser(key, winner.value, bound.value)) {
        winner = { ...winner, value: bound.value, shadow: bound.shadow };
      } else if (bound.shadow !== true) {
        // To record only what a hard row would refuse is to loosen it.
        winner = { ...winner, shadow: false };
      }
    }
    if (row.hard) hard.push(row);
  }
  return winner;
}

function levelOf(row: OverrideRow): Level | null {
  const { accountId, symbol, strategyId } = row;
  if (strategyId !== null) return accountId === null && symbol === null ? "strategy" : null;
  if (accountId !== null) return symbol === null ? "account" : "account_symbol";
  return symbol === null ? null : "symbol";
}

function nameOf(
  accountId: string | null,
  symbol: string | null,
  strategyId: string | null,
): string {
  return `${accountId ?? ""}${SEPARATOR}${symbol?.toUpperCase() ?? ""}${SEPARATOR}${strategyId ?? ""}`;
}

function isOwnKey(key: LimitKey): key is OwnKey {
  return OWN_KEYS.some((own) => own === key);
}

function limitKeys(): readonly LimitKey[] {
  // The keys of a constant table are its own type's keys.
  return Object.keys(LIMIT_DEFINITIONS) as LimitKey[];
}
