// What Alpaca offers beyond the contract: every type, time in force and class, money amounts, pairs.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import type { Instrument } from "../../../src/domain/instrument.ts";
import type { OrderTerms } from "../../../src/domain/order/spec.ts";
import { AAPL_PRICE, startMockAlpaca } from "../../support/mock-alpaca.ts";
import type { MockAlpaca } from "../../support/mock-alpaca.ts";
import { realClock } from "../../support/real-clock.ts";
import { Trader } from "../broker-trader.ts";
import { wholeOf } from "../../support/pages.ts";

const d = (text: string) => Decimal.of(text);
let mock: MockAlpaca;
beforeEach(async () => {
  mock = await startMockAlpaca();
});
afterEach(() => mock.stop());

function trader(symbol = "AAPL"): Trader {
  const stock = mock.directory.resolve(symbol);
  if (stock === null) throw new Error(`${symbol} is not listed`);
  return traderOf(stock);
}
function traderOf(stock: Instrument): Trader {
  return new Trader({
    port: mock.account(),
    stock,
    price: d(AAPL_PRICE),
    now: () => mock.now(),
    pass: (ms) => realClock.sleep(ms),
    close: async () => undefined,
  });
}

describe("a fresh mock account", () => {
  it("sells the 0.1 BTC it holds when someone asks for BTCUSDT", async () => {
    const seller = trader("BTCUSDT");
    expect(seller.broker.stock.symbol).toBe("BTC/USD");
    const terms = seller.terms({ side: "sell", quantity: d("0.1"), timeInForce: "gtc" });
    const { brokerOrderId } = await seller.place(terms);
    await seller.untilStatus(brokerOrderId, "filled");
    expect(await seller.port.positions(seller.call)).toEqual([]);
  });

  it("holds its coins under the name of their pair", async () => {
    const holder = trader("BTC/USD");
    expect(await holder.port.positions(holder.call)).toMatchObject([
      { symbol: "BTC/USD", instrumentId: "CRYPTO:BTC/USD", quantity: d("0.1") },
    ]);
  });
});

describe("Alpaca takes", () => {
  it.each<[string, Partial<OrderTerms>]>([
    ["limit gtc", { type: "limit", limitPrice: d("100"), timeInForce: "gtc" }],
    ["limit opg", { type: "limit", limitPrice: d("100"), timeInForce: "opg" }],
    ["limit cls", { type: "limit", limitPrice: d("100"), timeInForce: "cls" }],
    ["limit extended", { type: "limit", limitPrice: d("100"), extendedHours: true }],
    ["stop", { type: "stop", stopPrice: d("300") }],
    ["stop gtc", { type: "stop", stopPrice: d("300"), timeInForce: "gtc" }],
    ["stop limit", { type: "stop_limit", stopPrice: d("300"), limitPrice: d("301") }],
    ["trailing by price", { type: "trailing_stop", trailPrice: d("5") }],
    ["trailing by percent", { type: "trailing_stop", trailPercent: d("5") }],
  ])("%s, which then rests", async (_, more) => {
    const buyer = trader();
    const { brokerOrderId } = await buyer.place(buyer.terms(more));
    const [open] = await buyer.port.openOrders(buyer.call);
    expect(open).toMatchObject({ brokerOrderId, type: more.type });
  });

  it.each<[string, Partial<OrderTerms>]>([
    ["market ioc", { timeInForce: "ioc" }],
    ["market fok", { timeInForce: "fok" }],
    ["a fraction", { quantity: d("0.123456789") }],
    ["an amount of money", { quantity: null, notional: d("1000") }],
  ])("%s, which then fills", async (_, more) => {
    const buyer = trader();
    const { brokerOrderId } = await buyer.place(buyer.terms(more));
    await buyer.untilStatus(brokerOrderId, "filled");
    expect(await buyer.port.openOrders(buyer.call)).toEqual([]);
  });

  it("an amount of money in coins", async () => {
    const buyer = trader("ETH/USD");
    const terms = buyer.terms({ quantity: null, notional: d("500"), timeInForce: "gtc" });
    const { brokerOrderId } = await buyer.place(terms);
    await buyer.untilStatus(brokerOrderId, "filled");
    expect((await buyer.find(brokerOrderId))?.filledQuantity.isPositive()).toBe(true);
  });

  it("an entry with one exit", async () => {
    const buyer = trader();
    const exits = { takeProfit: null, stopLoss: { stopPrice: d("100"), limitPrice: d("99") } };
    const entry = await buyer.place(buyer.terms({ timeInForce: "gtc", exits }));
    expect(entry.legs).toMatchObject([{ type: "stop_limit", stopPrice: d("100") }]);
  });

  it("the two exits of a position that is held, of which one cancels the other", async () => {
    const holder = trader();
    const { brokerOrderId } = await holder.place(holder.terms());
    await holder.untilStatus(brokerOrderId, "filled");
    const exits = {
      alone: true,
      takeProfit: { limitPrice: d("300") },
      stopLoss: { stopPrice: d("100"), limitPrice: null },
    } as const;
    const terms = holder.terms({ side: "sell", type: "limit", timeInForce: "gtc", exits });
    const exit = await holder.place({ ...terms, limitPrice: d("300") });
    expect(exit).toMatchObject({ type: "limit", limitPrice: d("300") });
    expect(exit.legs).toMatchObject([{ type: "stop", stopPrice: d("100") }]);
    await mock.control("/prices", { AAPL: "301" });
    await holder.untilStatus(exit.brokerOrderId, "filled");
    await holder.until(async () => {
      const open = await holder.port.openOrders(holder.call);
      return open.length === 0;
    }, "the other exit is gone");
  });
});

describe("Alpaca refuses, and says why", () => {
  it.each<[string, string, Partial<OrderTerms>]>([
    ["sub-penny", "42210000", { type: "limit", limitPrice: d("100.001") }],
    ["insufficient", "40310000", { quantity: d("100000") }],
    ["fractional", "42210000", { quantity: d("0.5"), timeInForce: "gtc" }],
    ["wash trade", "40310000", { side: "sell", type: "limit", limitPrice: d("100") }],
  ])("%s", async (words, code, more) => {
    const buyer = trader();
    await buyer.place(buyer.resting({ quantity: d("1"), timeInForce: "gtc" }));
    expect(await buyer.submit(buyer.terms(more))).toMatchObject({
      result: "rejected",
      code,
      message: expect.stringContaining(words) as string, // vitest types matchers as any
    });
  });
});

describe("long lists", () => {
  it("of orders and of fills come whole, and each once", async () => {
    const buyer = trader();
    const since = mock.now() - 5;
    const ids = new Set<string>();
    for (let batch = 0; batch < 15; batch += 1) {
      const placed = await Promise.all(
        Array.from({ length: 40 }, () => buyer.place(buyer.terms({ quantity: d("1") }))),
      );
      for (const { brokerOrderId } of placed) ids.add(brokerOrderId);
    }
    const orders = await buyer.port.ordersSince(since, buyer.call);
    expect(orders.map((order) => order.brokerOrderId).sort()).toEqual([...ids].sort());
    const fills = await wholeOf(buyer.port.executionsSince(since, buyer.call));
    expect(fills.map((fill) => String(fill.brokerOrderId)).sort()).toEqual([...ids].sort());
  });
});
