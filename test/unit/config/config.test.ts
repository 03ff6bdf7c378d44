import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadConfig, type Environment } from "../../../src/config.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "fillstream-config-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const load = (environment: Environment = {}) => loadConfig({ environment, directory });
const paper = { ALPACA_API_KEY: "PKTEST", ALPACA_API_SECRET: "very-secret" };

describe("without any variable", () => {
  test("it is mock mode on loopback, where no key is needed", () => {
    expect(load()).toMatchObject({
      mode: "mock",
      host: "127.0.0.1",
      port: 8000,
      auth: "off",
      databaseUrl: null,
      redisUrl: null,
      partitions: 16,
      alpaca: { baseUrl: "http://127.0.0.1:8100", streamUrl: "ws://127.0.0.1:8100/stream" },
    });
  });

  test("a variable set to nothing is unset", () => {
    expect(load({ PORT: "", DATABASE_URL: "" })).toMatchObject({ port: 8000, databaseUrl: null });
  });
});

test("an amount is a plain decimal", () => {
  const variable = "STREAM_SIGNALS_MAX_NOTIONAL";
  expect(load({ [variable]: "99.50" }).streamSignals.maxNotional).toBe("99.50");
  for (const wrong of ["lots", "1e5", "-5", "1,000"]) {
    expect(() => load({ [variable]: wrong })).toThrow(/it must be a plain decimal/);
  }
});

test("a .env that is no file is one sentence", () => {
  mkdirSync(join(directory, ".env"));
  expect(() => load()).toThrow(/\.env cannot be read: EISDIR/);
});

describe("keys", () => {
  test("a real key means paper, and asks callers for API keys", () => {
    expect(load(paper)).toMatchObject({
      mode: "paper",
      auth: "keys",
      alpaca: {
        baseUrl: "https://paper-api.alpaca.markets",
        streamUrl: "wss://paper-api.alpaca.markets/stream",
        dataUrl: "https://data.alpaca.markets",
      },
    });
  });

  test("a real key without its secret is refused", () => {
    expect(() => load({ ALPACA_API_KEY: "PKTEST" })).toThrow("ALPACA_API_SECRET is unset");
  });

  test("mock mode that others can reach asks for API keys unless AUTH says off", () => {
    expect(load({ HOST: "0.0.0.0" }).auth).toBe("keys");
    expect(load({ HOST: "0.0.0.0", AUTH: "off" }).auth).toBe("off");
    expect(load({ ...paper, AUTH: "off" }).auth).toBe("off");
    expect(() => load({ ...paper, HOST: "0.0.0.0", AUTH: "off" })).toThrow(/set AUTH=keys/);
  });

  test("nothing secret is printed", () => {
    const shown = `${inspect(load(paper), { depth: 9 })}${JSON.stringify(load(paper))}`;
    expect(shown).not.toContain("very-secret");
    expect(shown).not.toContain("PKTEST");
    expect(() => load({ DATABASE_URL: "mysql://me:hunter2@host" })).toThrow(
      /^DATABASE_URL is not usable: (?!.*hunter2)/,
    );
  });
});

describe("real money", () => {
  const live = { ...paper, ALPACA_PAPER: "false", TRADING_MODE: "live" };

  test("takes two words", () => {
    expect(load(live)).toMatchObject({
      mode: "live",
      alpaca: { baseUrl: "https://api.alpaca.markets" },
    });
  });

  test.each([
    ["ALPACA_PAPER=false alone", { ...paper, ALPACA_PAPER: "false" }],
    ["TRADING_MODE=live alone", { ...paper, TRADING_MODE: "live" }],
    ["no key", { ALPACA_PAPER: "false", TRADING_MODE: "live" }],
    ["the paper host", { ...live, ALPACA_BASE_URL: "https://paper-api.alpaca.markets" }],
    ["a clock of its own", { ...live, MOCK_CLOCK: "2026-07-03T15:00:00Z" }],
  ])("is refused with %s", (_, environment) => {
    expect(() => load(environment)).toThrow(/unset|set /);
  });

  test("a paper key never meets the host of real money", () => {
    const host = { ALPACA_BASE_URL: "https://api.alpaca.markets" };
    expect(() => load({ ...paper, ...host })).toThrow("ALPACA_BASE_URL is the host of real money");
  });
});

describe("bad values", () => {
  test("are told all at once, each with its name and what would be right", () => {
    const wrong = { PORT: "80a0", ALPACA_PAPER: "maybe", LOG_LEVEL: "loud", PARTITIONS: "0" };
    expect(() => load(wrong)).toThrowErrorMatchingInlineSnapshot(`
      [OperatorError: The configuration has 4 problems:
        ALPACA_PAPER is "maybe": it must be true or false.
        PORT is "80a0": it must be a whole number from 0 to 65535.
        LOG_LEVEL is "loud": it must be one of trace, debug, info, warn, error, fatal, silent.
        PARTITIONS is "0": it must be a whole number from 1 to 1024.]
    `);
  });

  test("an unknown name that begins like ours is a slip", () => {
    expect(() => load({ ALPACA_API_KYE: "x" })).toThrow("did you mean ALPACA_API_KEY?");
    expect(() => load({ TRADING_MOD: "live" })).toThrow("did you mean TRADING_MODE?");
  });

  test("names of other programs are none of our business", () => {
    expect(() => load({ EDITOR: "vi", PGHOST: "elsewhere", REDIS_URI: "x" })).not.toThrow();
  });
});

describe("the .env file", () => {
  test("is read, and what is set outside it wins", () => {
    writeFileSync(join(directory, ".env"), "PORT=9000\nLOG_LEVEL=debug # loud\n");
    expect(load({ PORT: "9100" })).toMatchObject({ port: 9100, logLevel: "debug" });
  });

  test("may name nothing unknown", () => {
    writeFileSync(join(directory, ".env"), "REDIS_URI=redis://localhost\n");
    expect(() => load()).toThrow(
      "REDIS_URI is not a variable of Fillstream; did you mean REDIS_URL?",
    );
  });
});

test("a mock clock is an offset that every process shares", () => {
  const config = load({ MOCK_CLOCK: "2026-07-03T15:00:00Z", MOCK_CLOCK_ANCHOR: "1763640000000" });
  const instant = 1_763_640_000_000 + config.mock.clockOffsetMs;
  expect(new Date(instant).toISOString()).toBe("2026-07-03T15:00:00.000Z");
});

test("a QuestDB is read as the variables name its table, and `none` is a column it lacks", () => {
  expect(load({}).questdb).toBeNull();
  const url = "postgres://admin:quest@host:8812/qdb";
  const given = { QUESTDB_URL: url, QUESTDB_TABLE: "trades", QUESTDB_BID_COLUMN: "none" };
  expect(load(given).questdb?.ticks).toMatchObject({
    table: "trades",
    bid: null,
    ask: "ask",
  });
  expect(() => load({ ...given, QUESTDB_TABLE: "a; drop" })).toThrow(/QUESTDB_TABLE/);
});
