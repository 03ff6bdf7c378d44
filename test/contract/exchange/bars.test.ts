// Pages of bars: each begins where the one before ended, costs what it gives, and none is left out.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ManualClock } from "../../../src/exchange/clock.ts";
import type { Lab } from "./lab.ts";
import { openLab } from "./lab.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.stop());

interface Page {
  readonly times: readonly number[];
  readonly token: string | null;
}

async function page(query: string, token: string | null, symbol = "AAPL"): Promise<Page> {
  const after = token === null ? "" : `&page_token=${token}`;
  const { body } = await lab.call("GET", `/v2/stocks/bars?symbols=${symbol}&${query}${after}`);
  const rows = (body.bars as Record<string, { t: string }[]>)[symbol] ?? [];
  return {
    times: rows.map(({ t }) => Date.parse(t)),
    token: body.next_page_token as string | null,
  };
}

async function every(query: string): Promise<readonly number[]> {
  const times: number[] = [];
  let token: string | null = null;
  do {
    const next: Page = await page(query, token);
    times.push(...next.times);
    ({ token } = next);
  } while (token !== null);
  return times;
}

const at = (time: number): string => encodeURIComponent(new Date(time).toISOString());

describe.each(["asc", "desc"])("minute bars, %s", (sort) => {
  test("of forty days come whole, each once and in order", async () => {
    const end = Math.floor(lab.running.exchange.clock.now() / MINUTE) * MINUTE - 10 * MINUTE;
    const start = end - 40 * DAY;
    const times = await every(
      `timeframe=1Min&sort=${sort}&limit=10000&start=${at(start)}&end=${at(end)}`,
    );
    const inOrder = sort === "asc" ? times : times.toReversed();
    expect(times).toHaveLength(40 * 24 * 60 + 1);
    expect([inOrder[0], inOrder.at(-1)]).toEqual([start, end]);
    expect(inOrder.every((time, index) => time === start + index * MINUTE)).toBe(true);
  });

  test("cost what their page gives, wherever it begins", async () => {
    const { bars } = lab.running.exchange;
    const bar = bars.bar.bind(bars);
    let looked = 0;
    bars.bar = (...asked) => {
      looked += 1;
      return bar(...asked);
    };
    const query = `timeframe=1Min&sort=${sort}&limit=100&start=2020-01-01T00:00:00Z`;
    const first = await page(query, null);
    const second = await page(query, first.token);
    expect([first.times.length, second.times.length]).toEqual([100, 100]);
    expect(second.times[0]).toBe((first.times.at(-1) ?? 0) + (sort === "asc" ? MINUTE : -MINUTE));
    expect(looked).toBeLessThan(250);
  });

  test("of a closed market end where it was open, over many days that were not", async () => {
    await lab.control("POST", "/session", { mode: "calendar" });
    const query = `timeframe=1Min&sort=${sort}&limit=10000&start=2026-05-01T00:00:00Z`;
    const times = await every(`${query}&end=2026-07-01T00:00:00Z`);
    const days = new Set(times.map((time) => new Date(time - 4 * 60 * MINUTE).getUTCDate() * 1));
    expect(new Set(times).size).toBe(times.length);
    // 41 trading days in May and June 2026, sixteen hours each.
    expect(times).toHaveLength(41 * 16 * 60);
    expect(days.size).toBeGreaterThan(20);
  });
});

test("a name that every object has is no symbol with bars", async () => {
  const { body } = await lab.call("GET", "/v2/stocks/constructor/bars?timeframe=1Day");
  expect(body).toEqual({ symbol: "constructor", bars: [], next_page_token: null });
});

test.each([
  "/v2/calendar?start=2026-02-30&end=2026-03-03",
  "/v2/calendar?start=2026-02-30T00:00:00Z",
  "/v3/calendar/NYSE?start=2026-06-31",
  "/v2/stocks/bars?symbols=AAPL&timeframe=1Day&start=2026-02-30",
])("a day that is in no calendar is refused: %s", async (path) => {
  expect((await lab.call("GET", path)).status).toBe(400);
});

test("an exchange that opens as the day begins has that day's and that minute's bar at once", async () => {
  const midnight = Date.parse("2026-12-01T05:00:00Z"); // in New York
  const early = await openLab({ clock: new ManualClock(midnight) });
  try {
    const { body } = await early.call("GET", "/v2/stocks/AAPL/snapshot");
    const first = { t: "2026-12-01T05:00:00Z", c: (body.latestTrade as { p: number }).p };
    expect(body).toMatchObject({ dailyBar: first, minuteBar: first });
  } finally {
    await early.stop();
  }
});
