// What nobody should ask for, and what should never happen: neither ends the exchange, and neither leaves
// something behind that can never be traded.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Lab } from "./lab.ts";
import { openLab } from "./lab.ts";
import { MARKET, PRICES } from "./wire-case.ts";

let lab: Lab;
const mishaps: string[] = [];
beforeEach(async () => {
  mishaps.length = 0;
  lab = await openLab({ onMishap: (where, error) => mishaps.push(`${where}: ${String(error)}`) });
  await lab.control("POST", "/prices", PRICES);
});
afterEach(() => lab.stop());

const shown = async (symbol: string): Promise<unknown> => {
  const { body } = await lab.control("GET", "/prices");
  return (body.prices as Record<string, unknown>)[symbol];
};
const open = async () => (await lab.call("GET", "/v2/orders?status=open")).body;

describe("a price set by hand", () => {
  test.each([
    ["230.105", { bid: "230.09", ask: "230.11" }],
    ["230.11", { bid: "230.1", ask: "230.12" }],
    ["0.01", { bid: "0.01", ask: "0.01" }],
    ["0.001", { bid: "0.001", ask: "0.001" }],
  ])("is shown exactly: %s, also after a tick", async (last, sides) => {
    await lab.control("POST", "/prices", { AAPL: last });
    expect(await shown("AAPL")).toMatchObject({ last, frozen: true, ...sides });
    await lab.control("POST", "/prices/tick", {});
    expect(await shown("AAPL")).toMatchObject({ last, ...sides });
    await lab.control("POST", "/prices/freeze", { frozen: false });
    await lab.control("POST", "/prices/tick", { count: 3 });
    expect(Number(((await shown("AAPL")) as { bid: string }).bid)).toBeGreaterThan(0);
  });

  test.each([
    { AAPL: "99999999999999999999" },
    { AAPL: "10000000001" },
    { AAPL: { bid: "1", ask: "20000000000" } },
    { AAPL: { last: "5", ask_size: "1e20" } },
    { AAPL: "0.0000000001" },
  ])("that is none is refused, and no other is shown with it: %o", async (wanted) => {
    const before = await shown("MSFT");
    const { status, body } = await lab.control("POST", "/prices", { MSFT: "77", ...wanted });
    expect(status).toBe(400);
    expect(body.error).toContain("AAPL");
    expect(await shown("MSFT")).toEqual(before);
  });

  test("is not moved to where no price can be, for one symbol or another", async () => {
    const before = await shown("MSFT");
    for (const percent of ["99999999999999999999999", "99999999999"]) {
      const { status } = await lab.control("POST", "/prices/move", {
        symbols: ["MSFT", "AAPL"],
        percent,
      });
      expect(status).toBe(400);
    }
    expect(await shown("MSFT")).toEqual(before);
    await lab.control("POST", "/prices/move", { symbols: ["MSFT"], percent: "-99.99999" });
    expect(Number(((await shown("MSFT")) as { bid: string }).bid)).toBeGreaterThan(0);
  });
});

describe("an order of nothing", () => {
  test("is what an amount buys at a price too high for it, and is refused", async () => {
    await lab.control("POST", "/prices", { AAPL: "9999999999" });
    const { qty: _qty, ...order } = MARKET;
    const { status, body } = await lab.call("POST", "/v2/orders", { ...order, notional: "1" });
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 40010001, message: "qty must be > 0" });
  });

  test("sells an amount where nobody bids, and is refused", async () => {
    await lab.call("POST", "/v2/orders", MARKET);
    const { feed, engine } = lab.running.exchange;
    const print = feed.latest("AAPL");
    if (print === undefined) throw new Error("AAPL has a price");
    const nothing = print.quote.bid.minus(print.quote.bid);
    engine.quote("AAPL", { ...print.quote, bid: nothing }, lab.running.exchange.clock.now());
    const { qty: _qty, ...order } = { ...MARKET, side: "sell", notional: "1" };
    expect((await lab.call("POST", "/v2/orders", order)).status).toBe(422);
    expect(mishaps).toEqual([]);
  });

  test.each([
    ["percentage=0.000000001", 422],
    ["qty=0.00000000000001", 422],
    ["qty=0.0123456789", 422],
    ["percentage=33.333333333", 200],
    ["percentage=100.0", 200],
  ])("is not made of a position: %s", async (query, status) => {
    const answer = await lab.call("DELETE", `/v2/positions/BTCUSD?${query}`);
    expect(answer.status).toBe(status);
    expect(await open()).toEqual([]);
  });
});

describe("what should never happen", () => {
  test("in one request is a 500 of the broker's shape, told, and the next is answered", async () => {
    const stop = lab.running.exchange.listen(() => {
      throw new Error("planted");
    });
    const failed = await lab.call("POST", "/v2/orders", MARKET);
    expect(failed.status).toBe(500);
    expect(failed.body).toEqual({ code: 50010000, message: "internal server error" });
    expect(mishaps).toEqual(["POST /v2/orders: Error: planted"]);
    stop();
    expect((await lab.call("GET", "/v2/account")).status).toBe(200);
  });

  test("in one request of the control interface is a 500 with a sentence", async () => {
    const stop = lab.running.exchange.feed.listen(() => {
      throw new Error("planted");
    });
    const failed = await lab.control("POST", "/prices", { AAPL: "5" });
    expect(failed.status).toBe(500);
    expect(failed.body.error).toContain("failed");
    expect(mishaps).toEqual(["POST /control/prices: Error: planted"]);
    stop();
    expect((await lab.control("POST", "/prices", { AAPL: "5" })).status).toBe(200);
  });

  test("in one symbol's tick leaves the others theirs", async () => {
    await lab.control("POST", "/prices/freeze", { frozen: false });
    const ticked: string[] = [];
    lab.running.exchange.feed.listen(({ symbol }) => {
      if (symbol === "AAPL") throw new Error("planted");
      ticked.push(symbol);
    });
    expect((await lab.control("POST", "/prices/tick", { count: 2 })).status).toBe(200);
    expect(mishaps).toEqual(["a tick of AAPL: Error: planted", "a tick of AAPL: Error: planted"]);
    expect(new Set(ticked).size).toBe([...lab.running.exchange.feed.symbols()].length - 1);
  });

  test("in one timer leaves the others theirs", async () => {
    const { exchange } = lab.running;
    const fired: string[] = [];
    exchange.clock.after(1_000, () => fired.push("first"));
    exchange.soon(2_000, () => {
      throw new Error("planted");
    });
    exchange.clock.after(3_000, () => fired.push("last"));
    await lab.control("POST", "/time", { advance_ms: 5_000 });
    expect(fired).toEqual(["first", "last"]);
    expect(mishaps).toEqual(["a timer: Error: planted"]);
  });
});

describe("time and sockets", () => {
  test.each(["9999-12-31T23:00:00Z", "2199-01-01T00:00:00Z"])(
    "are not moved out of all calendars: %s",
    async (jump_to) => {
      const { status, body } = await lab.control("POST", "/time", { jump_to });
      expect(status).toBe(400);
      expect(String(body.error)).toMatch(/time|at most/);
    },
  );

  test("are not closed with a code that nobody may send", async () => {
    for (const code of [1004, 1005, 1006, 1015, 2999]) {
      expect((await lab.control("POST", "/streams/close", { code })).status).toBe(400);
    }
    expect((await lab.control("POST", "/streams/close", { code: 1012 })).status).toBe(200);
  });
});

test("by itself the exchange gives an activity the execution's own id, as its command does", async () => {
  const settings = await lab.control("GET", "/settings");
  expect(settings.body.activity_ids).toBe("same");
});
