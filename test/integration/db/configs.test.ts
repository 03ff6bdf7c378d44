// Configuration that defends itself, whoever changes it.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { LIMIT_DEFINITIONS, type LimitDefinition } from "../../../src/domain/limits.ts";
import { validateLimit } from "../../../src/domain/risk/limit-value.ts";
import { connect, type Sql } from "../../../src/db/client.ts";
import { saveInstruments } from "../../../src/db/configuration/instruments.ts";
import { INSTRUMENTS } from "../../contract/store-cases/scene.ts";
import { freshDatabase } from "../../support/fresh.ts";
import { openStore, type OpenStore } from "./desk.ts";

let store: OpenStore;
let sql: Sql;

beforeAll(async () => {
  store = await openStore();
  sql = store.postgres.queries;
});
afterAll(() => store.close());

const setTo = (key: string, value: string | null) =>
  sql`UPDATE configs SET value = ${value} WHERE key = ${key}`;

describe("the limits of a fresh database", () => {
  it("are those of the code, with their defaults and descriptions", async () => {
    const rows = await sql`SELECT key, value, kind, choices, required, description FROM configs`;
    const expected = Object.entries(LIMIT_DEFINITIONS).map(([key, definition]) => {
      const { kind, choices, required, description }: LimitDefinition = definition;
      return {
        key,
        value: definition.default,
        kind,
        choices: choices ?? null,
        required: required === true || kind === "switch" || kind === "choice",
        description,
      };
    });
    const byKey = (one: { key?: string }, other: { key?: string }) =>
      (one.key ?? "") < (other.key ?? "") ? -1 : 1;
    expect([...rows].toSorted(byKey)).toEqual(expected.toSorted(byKey));
  });
});

describe("an update", () => {
  beforeEach(async () => {
    await setTo("max_position_size_usd", "10000");
  });

  it("takes effect and is kept with who made it, what was before, and why", async () => {
    await sql.begin(async (transaction) => {
      await transaction`SELECT set_config('fillstream.actor', 'key:alice', true)`;
      await transaction`SELECT set_config('fillstream.reason', 'a calm week', true)`;
      await transaction`UPDATE configs SET value = '20000' WHERE key = 'max_position_size_usd'`;
    });
    const [row] = await sql`
      SELECT source, key, field, old_value, new_value, reason, changed_by FROM config_history
      ORDER BY id DESC LIMIT 1`;
    expect(row).toEqual({
      source: "configs",
      key: "max_position_size_usd",
      field: "value",
      old_value: "10000",
      new_value: "20000",
      reason: "a calm week",
      changed_by: "key:alice",
    });
  });

  it("of a key that does not exist fails with a sentence that lists the keys", async () => {
    await expect(setTo("max_positon_size_usd", "1")).rejects.toMatchObject({
      message: "No configuration key matches, so nothing was changed.",
      hint: expect.stringContaining("max_position_size_usd"),
    });
  });

  it("of one key leaves all others alone, and counts one change of the limits", async () => {
    const version = async () => (await sql`SELECT version FROM config_version`)[0]?.["version"];
    const before = await version();
    await setTo("max_positions", "7");
    expect(await version()).toBe(before + 1);
    await setTo("max_positions", "7");
    expect(await version()).toBe(before + 1);
    await setTo("max_positions", "50");
  });

  const NONSENSE: readonly (readonly [string, string | null])[] = [
    ["max_position_size_usd", "abc"],
    ["max_position_size_usd", "-1"],
    ["max_position_size_usd", "1e5"],
    ["max_position_size_usd", "NaN"],
    ["max_position_size_usd", "Infinity"],
    ["max_position_size_usd", ""],
    ["max_daily_loss_percent", "101"],
    ["max_open_orders", "1.5"],
    ["max_signal_age_seconds", null],
    ["max_signal_age_seconds", "99999999999"],
    ["duplicate_window_seconds", "86401"],
    ["allow_short", "yes"],
    ["allow_short", null],
    ["trading_state", "paused"],
    ["trading_state", null],
    ["market_closed_policy", "wait"],
    ["symbols_allowed", "AAPL;MSFT"],
    ["symbols_allowed", ""],
  ];
  for (const [key, value] of NONSENSE) {
    it(`of ${key} to ${value ?? "null"} is refused, by the database as by the code`, async () => {
      await expect(setTo(key, value)).rejects.toMatchObject({
        code: "23514",
        message: expect.stringContaining(key),
      });
      expect(validateLimit(key, value)).not.toBeNull();
    });
  }

  const SENSE: readonly (readonly [string, string | null, string | null])[] = [
    ["max_position_size_usd", " 20000.50 ", "20000.50"],
    ["max_position_size_usd", null, null],
    ["duplicate_window_seconds", "86400", "86400"],
    ["allow_short", "TRUE", "true"],
    ["trading_state", "Reducing", "reducing"],
    ["symbols_allowed", "aapl, btc/usd", "AAPL,BTC/USD"],
  ];
  for (const [key, value, stored] of SENSE) {
    it(`of ${key} to ${value ?? "null"} is taken, by the database as by the code`, async () => {
      await setTo(key, value);
      const [row] = await sql`SELECT value FROM configs WHERE key = ${key}`;
      expect(row?.["value"]).toBe(stored);
      expect(validateLimit(key, value)).toBeNull();
      const definition = LIMIT_DEFINITIONS[key as keyof typeof LIMIT_DEFINITIONS]; // keys of the table
      await setTo(key, definition.default);
    });
  }
});

describe("the keys themselves", () => {
  it("cannot be added, renamed or deleted with SQL", async () => {
    await expect(
      sql`INSERT INTO configs (key, value, kind, description) VALUES ('x', '1', 'count', 'x')`,
    ).rejects.toThrow("There is no configuration key x, and nothing would read it.");
    await expect(sql`UPDATE configs SET key = 'x' WHERE key = 'max_positions'`).rejects.toThrow(
      "Only value, hard, shadow and reason",
    );
    await expect(sql`DELETE FROM configs WHERE key = 'max_positions'`).rejects.toThrow(
      "max_positions cannot be deleted.",
    );
  });
});

describe("an override", () => {
  it("is checked like the limit it overrides", async () => {
    const insert = (key: string, value: string) =>
      sql`INSERT INTO config_overrides (key, symbol, value) VALUES (${key}, 'aapl', ${value})`;
    await expect(insert("max_positon", "1")).rejects.toThrow("to override");
    await expect(insert("max_positions", "many")).rejects.toThrow("a whole number");
    await expect(insert("trading_state", "halted")).rejects.toThrow(
      "trading_state has no overrides",
    );
    await insert("max_positions", "3");
    const [row] = await sql`SELECT symbol, value FROM config_overrides`;
    expect(row).toEqual({ symbol: "AAPL", value: "3" });
    await expect(
      sql`UPDATE config_overrides SET value = '4' WHERE symbol = 'MSFT'`,
    ).rejects.toThrow("No override matches");
    await sql`DELETE FROM config_overrides`;
    const history = await sql`
      SELECT old_value, new_value FROM config_history WHERE source = 'config_overrides' ORDER BY id`;
    expect([...history]).toEqual([
      { old_value: null, new_value: "3" },
      { old_value: "3", new_value: null },
    ]);
  });

  it("is for an account, a symbol, a strategy, or an account and a symbol", async () => {
    const scopes = [
      [null, null, null],
      ["account-0", null, "s"],
      [null, "AAPL", "s"],
    ];
    for (const [account, symbol, strategy] of scopes) {
      await expect(
        sql`INSERT INTO config_overrides (key, account_id, symbol, strategy_id, value)
          VALUES ('max_positions', ${account ?? null}, ${symbol ?? null}, ${strategy ?? null}, '1')`,
      ).rejects.toThrow();
    }
    await expect(
      sql`INSERT INTO config_overrides (key, account_id, value) VALUES ('max_positions', 'nobody', '1')`,
    ).rejects.toThrow("There is no account nobody.");
  });

  it("for a symbol that nobody lists is refused once a broker has listed anything", async () => {
    const insert = (symbol: string) =>
      sql`INSERT INTO config_overrides (key, symbol, value) VALUES ('max_positions', ${symbol}, '1')`;
    await insert("aapl");
    await expect(insert("AA/PL")).rejects.toMatchObject({
      message: "There is no instrument AA/PL, so nothing would be limited.",
      hint: "Did you mean AAPL?",
    });
    await expect(insert("APPL")).rejects.toThrow("There is no instrument APPL");
    await sql`DELETE FROM config_overrides`;
  });

  it("for a symbol may be written before a broker has listed anything", async () => {
    const database = await freshDatabase();
    const empty = connect({ url: database.url, maxConnections: 1, name: "fillstream test" });
    await empty`INSERT INTO config_overrides (key, symbol, value) VALUES ('max_positions', 'early', '1')`;
    await saveInstruments(empty, INSTRUMENTS);
    // What is there can still be changed and taken away.
    await empty`UPDATE config_overrides SET value = '2' WHERE symbol = 'EARLY'`;
    await empty`DELETE FROM config_overrides`;
    await empty.end();
    await database.drop();
  });
});

describe("the list of instruments", () => {
  it("is read again when one of its rows was written, and not for a limit", async () => {
    const { configuration } = store.postgres;
    const before = await configuration.instruments();
    await setTo("max_open_orders", "199");
    expect(await configuration.instruments()).toBe(before);
    for (const change of [
      sql`UPDATE instruments SET tradable = NOT tradable WHERE symbol = 'AAPL'`,
      sql`UPDATE instruments SET tradable = NOT tradable WHERE symbol = 'AAPL'`,
    ]) {
      const last = await configuration.instruments();
      await change;
      expect(await configuration.instruments()).not.toEqual(last);
    }
    expect(await configuration.instruments()).toEqual(before);
  });
});
