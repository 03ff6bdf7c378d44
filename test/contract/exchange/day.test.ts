// A whole trading day in fast-forward: the session of the calendar, prices that move, orders all along.
import { expect, test } from "vitest";
import { ManualClock } from "../../../src/exchange/clock.ts";
import { openLab } from "./lab.ts";

const OPEN = Date.parse("2026-07-06T13:30:00Z");
const MINUTE_MS = 60_000;

async function day(): Promise<string> {
  const clock = new ManualClock(OPEN - 30 * MINUTE_MS);
  const lab = await openLab({ clock, session: "calendar", tickMs: 15_000, seed: "day" });
  const symbols = ["AAPL", "MSFT", "NVDA", "TSLA", "F", "KO"];
  for (let minute = 0; minute < 450; minute += 1) {
    clock.advance(MINUTE_MS);
    // Nothing is sent after the bell: it would wait for the next day.
    if (minute % 3 !== 0 || minute >= 415) continue;
    // Some limits are out of the day's reach, so that there is something to expire.
    const symbol = symbols[minute % symbols.length] ?? "AAPL";
    const prices = (await lab.call("GET", `/v2/stocks/quotes/latest?symbols=${symbol}`)).body;
    const quote = (prices.quotes as Record<string, { bp: number }>)[symbol];
    await lab.call("POST", "/v2/orders", {
      symbol,
      qty: String((minute % 7) + 1),
      side: minute % 5 === 4 ? "sell" : "buy",
      type: minute % 2 === 0 ? "market" : "limit",
      ...(minute % 2 === 0
        ? {}
        : { limit_price: ((quote?.bp ?? 1) * (minute % 21 === 0 ? 0.9 : 0.999)).toFixed(2) }),
      time_in_force: minute % 9 === 0 ? "cls" : "day",
    });
  }
  const clockNow = (await lab.call("GET", "/v2/clock")).body;
  expect(clockNow.is_open).toBe(false);
  expect((await lab.call("GET", "/v2/orders?status=open")).body).toEqual([]);
  const ledger = await lab.control("GET", "/ledger/accounts");
  const executions = await lab.control("GET", "/ledger/executions");
  const orders = (await lab.control("GET", "/ledger/orders")).body.orders as { status: string }[];
  const statuses = new Set(orders.map(({ status }) => status));
  expect(statuses).toEqual(new Set(["filled", "expired", "canceled"]));
  await lab.stop();
  return JSON.stringify([ledger.body, executions.body, orders]);
}

test("it ends with nothing open, and the same seed lives through the same day", async () => {
  expect(await day()).toBe(await day());
});
