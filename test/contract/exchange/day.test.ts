// A whole trading day in fast-forward: the session of the calendar, prices that move, orders all along.
import { expect, test } from "vitest";
import { ManualClock } from "../../../src/exchange/clock.ts";
import { openLab } from "./lab.ts";

const OPEN = Date.parse("2026-07-06T13:30:00Z");
const MINUTE_MS = 60_000;
const CLOSE_MINUTE = 420;

/** What is sent in a minute: each symbol has a habit of its own. */
function habit(turn: number, bid: number): Record<string, string> {
  const price = (factor: number): string => (bid * factor).toFixed(2);
  const buy = { side: "buy", qty: String((turn % 7) + 1), time_in_force: "day" };
  switch (turn % 5) {
    case 0:
      return { ...buy, type: "market" };
    case 1:
      return { ...buy, type: "limit", limit_price: price(0.999) };
    case 2:
      return { ...buy, type: "limit", limit_price: price(0.8) };
    case 3:
      return { ...buy, type: "market", time_in_force: "cls" };
    default:
      return { ...buy, type: "limit", limit_price: price(0.9), time_in_force: "ioc" };
  }
}

const SYMBOLS = ["AAPL", "MSFT", "KO", "F", "T"];

async function day(): Promise<string> {
  const clock = new ManualClock(OPEN - 30 * MINUTE_MS);
  const lab = await openLab({ clock, session: "calendar", tickMs: 15_000, seed: "day" });
  for (let minute = 0; minute < 450; minute += 1) {
    clock.advance(MINUTE_MS);
    // Nothing is sent after the bell: it would wait for the next day.
    if (minute % 3 !== 0 || minute >= CLOSE_MINUTE - 5) continue;
    const turn = minute / 3;
    const symbol = SYMBOLS[turn % SYMBOLS.length] ?? "AAPL";
    const { body } = await lab.call("GET", `/v2/stocks/quotes/latest?symbols=${symbol}`);
    const bid = (body.quotes as Record<string, { bp: number }>)[symbol]?.bp ?? 1;
    await lab.call("POST", "/v2/orders", { symbol, ...habit(turn, bid) });
  }
  expect((await lab.call("GET", "/v2/clock")).body.is_open).toBe(false);
  expect((await lab.call("GET", "/v2/orders?status=open")).body).toEqual([]);
  const ledger = await lab.control("GET", "/ledger/accounts");
  const executions = await lab.control("GET", "/ledger/executions");
  const orders = (await lab.control("GET", "/ledger/orders")).body.orders as { status: string }[];
  expect(orders.length).toBeGreaterThan(100);
  const statuses = new Set(orders.map(({ status }) => status));
  expect(statuses).toEqual(new Set(["filled", "expired", "canceled"]));
  await lab.stop();
  return JSON.stringify([ledger.body, executions.body, orders]);
}

test("it ends with nothing open, and the same seed lives through the same day", async () => {
  expect(await day()).toBe(await day());
});
