import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createQuestDbMarketData } from "../../../src/brokers/questdb/market-data.ts";
import type { QuestDbMarketData } from "../../../src/brokers/questdb/market-data.ts";
import { DEFAULT_TICKS, latestTicks } from "../../../src/brokers/questdb/query.ts";
import { BrokerUnavailable } from "../../../src/ports/broker.ts";
import { startFakeQuestDb, TICK_COLUMNS } from "../../support/fake-questdb.ts";
import type { FakeQuestDb } from "../../support/fake-questdb.ts";
import { eventually } from "../../support/real-clock.ts";
import { AMZN, asset, BTC, d } from "../alpaca/fixtures.ts";

const ROW = ["AMZN", "2026-11-20 15:00:00.123456", "100.05", "100.15", "100.1"];
const NOW = Date.UTC(2026, 10, 20, 15, 0, 30);
const clock = { now: () => NOW };
const signal = () => new AbortController().signal;

let quest: FakeQuestDb;
let source: QuestDbMarketData;
beforeEach(async () => {
  quest = await startFakeQuestDb(() => ({ columns: TICK_COLUMNS, rows: [ROW] }));
  source = createQuestDbMarketData({ url: quest.url, clock });
});
afterEach(async () => {
  await source.close();
  await quest.stop();
});

describe("prices from QuestDB", () => {
  it("come from the newest row of each symbol, in one query", async () => {
    const marks = await source.latest([AMZN, BTC], signal());
    expect(quest.queries).toEqual([
      'SELECT "symbol" AS symbol, "timestamp" AS at, "bid" AS bid, "ask" AS ask, "price" AS last ' +
        `FROM "ticks" WHERE "symbol" IN ('AMZN', 'BTC/USD') ` +
        `AND "timestamp" <= '2026-11-20T15:01:30.000Z' ` +
        'LATEST ON "timestamp" PARTITION BY "symbol"',
    ]);
    expect(marks).toEqual([
      {
        instrumentId: AMZN.id,
        trade: { price: d("100.1"), at: Date.UTC(2026, 10, 20, 15, 0, 0, 123) },
        quote: {
          bid: d("100.05"),
          ask: d("100.15"),
          at: Date.UTC(2026, 10, 20, 15, 0, 0, 123),
        },
      },
    ]);
  });

  it("come although a row of the same symbol has an instant in the future", async () => {
    const table = [
      ["AMZN", "2026-11-20 14:59:59", null, null, "99"],
      ROW,
      ["AMZN", "2026-11-20 15:01:31", null, null, "1"],
      ["AMZN", "2062-11-20 15:00:00", null, null, "2"],
    ];
    // As QuestDB does it: first the condition, then the newest of what it leaves.
    quest.answer = (query) => {
      const bound = /<= '([^']+)'/.exec(query)?.[1] ?? "9999";
      const left = table.filter(([, at]) => (at ?? "").replace(" ", "T") <= bound);
      return { columns: TICK_COLUMNS, rows: left.slice(-1) };
    };
    const [mark] = await source.latest([AMZN], signal());
    expect(mark?.trade?.price).toEqual(d("100.1"));
  });

  it.each([
    ["1.0E-7", "0.0000001"],
    ["6.425012E4", "64250.12"],
    ["64250.123456789", "64250.123456789"],
  ])("keep the digits that were sent: %s", async (sent, expected) => {
    quest.answer = () => ({
      columns: TICK_COLUMNS,
      rows: [["AMZN", ROW[1] ?? "", null, null, sent]],
    });
    const [mark] = await source.latest([AMZN], signal());
    expect(mark?.trade?.price.toString()).toBe(expected);
  });

  it.each(["2026-11-20T15:00:00.123456Z", "2026-11-20 15:00:00.123", "2026-11-20T15:00:00.123"])(
    "are dated in UTC however it is written: %s",
    async (at) => {
      quest.answer = () => ({ columns: TICK_COLUMNS, rows: [["AMZN", at, null, null, "1"]] });
      const [mark] = await source.latest([AMZN], signal());
      expect(mark?.trade?.at).toBe(Date.UTC(2026, 10, 20, 15, 0, 0, 123));
    },
  );

  it.each<readonly (string | null)[]>([
    ["AMZN", "2026-11-20 15:00:00", "NaN", "Infinity", "-1.0"],
    ["AMZN", "2026-11-20 15:00:00", null, null, "0.0"],
    ["AMZN", "soon", null, null, "1"],
    ["ELSE", "2026-11-20 15:00:00", null, null, "1"],
  ])("are not made of what is none: %s %s %s %s %s", async (...row) => {
    quest.answer = () => ({ columns: TICK_COLUMNS, rows: [row, ROW] });
    expect(await source.latest([AMZN], signal())).toHaveLength(1);
  });

  it.each([{ error: "table does not exist [table=ticks]" }, "cut"] as const)(
    "that do not come are a fault, and the next question is asked anew: %o",
    async (answer) => {
      quest.answer = () => answer;
      await expect(source.latest([AMZN], signal())).rejects.toThrow(BrokerUnavailable);
      quest.answer = () => ({ columns: TICK_COLUMNS, rows: [ROW] });
      expect(await source.latest([AMZN], signal())).toHaveLength(1);
    },
  );

  it("that hang are given up when their caller gives up", async () => {
    quest.answer = () => "hang";
    const stop = new AbortController();
    const waiting = source.latest([AMZN], stop.signal);
    await eventually(() => quest.queries.length === 1, "the question");
    stop.abort();
    await expect(waiting).rejects.toThrow(BrokerUnavailable);
    quest.answer = () => ({ columns: TICK_COLUMNS, rows: [ROW] });
    expect(await source.latest([AMZN], signal())).toHaveLength(1);
  });

  it("of nothing ask nothing", async () => {
    expect(await source.latest([], signal())).toEqual([]);
    expect(quest.queries).toEqual([]);
  });
});

describe("the query", () => {
  it("names what the configuration names, and leaves out what a table has not", () => {
    const ticks = { ...DEFAULT_TICKS, table: "quotes", at: "ts", last: null };
    expect(latestTicks(ticks, ["A"], NOW)).toBe(
      'SELECT "symbol" AS symbol, "ts" AS at, "bid" AS bid, "ask" AS ask FROM "quotes" ' +
        `WHERE "symbol" IN ('A') AND "ts" <= '2026-11-20T15:00:30.000Z' ` +
        'LATEST ON "ts" PARTITION BY "symbol"',
    );
  });

  it("cannot be broken out of", () => {
    expect(latestTicks(DEFAULT_TICKS, ["x') OR ('1'='1"], NOW)).toContain(
      `IN ('x'') OR (''1''=''1')`,
    );
    expect(() => latestTicks({ ...DEFAULT_TICKS, table: 'ticks"; DROP' }, [], NOW)).toThrow(
      RangeError,
    );
    expect(() =>
      createQuestDbMarketData({ url: quest.url, clock, ticks: { ...DEFAULT_TICKS, bid: "" } }),
    ).toThrow(RangeError);
  });

  it("asks two thousand symbols at a time", async () => {
    const many = Array.from({ length: 2_001 }, (_, index) => asset(`S${index}`));
    await source.latest(many, signal());
    expect(quest.queries).toHaveLength(2);
  });
});
