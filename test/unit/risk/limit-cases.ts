// Each limit as data: a world, an order just inside, one just outside, and the sentence that refuses it.
import type { LimitKey } from "../../../src/domain/limits.ts";
import type { RuleCode } from "../../../src/domain/refusal.ts";
import { duplicateKey } from "../../../src/domain/risk/rules/duplicate-signal.ts";
import { AAPL, BTC, MSFT, NOW, terms } from "./market.ts";
import type { Asked, World } from "./world.ts";

export interface LimitCase {
  readonly rule: RuleCode;
  readonly limit: LimitKey;
  readonly value: string;
  /** Makes the world in which both orders are judged. */
  readonly given?: (world: World) => void;
  readonly inside: Asked;
  readonly outside: Asked;
  readonly message: string;
  readonly head?: { readonly inside: string; readonly outside: string };
  /** How the world is made one in which `outside` would break the limit as an exit of 100 AAPL. */
  readonly exit?: { readonly given: (world: World) => void; readonly ask: Asked };
}

export const CASES: readonly LimitCase[] = [
  {
    rule: "symbol_allowed",
    limit: "symbols_allowed",
    value: "MSFT,BTC/USD",
    inside: { of: MSFT, quantity: "1" },
    outside: { quantity: "1" },
    message: "AAPL is not on the list of allowed symbols",
    exit: { given: () => undefined, ask: {} },
  },
  {
    rule: "symbol_allowed",
    limit: "symbols_denied",
    value: "AAPL",
    inside: { of: MSFT, quantity: "1" },
    outside: { quantity: "1" },
    message: "AAPL is on the list of denied symbols",
    exit: { given: () => undefined, ask: {} },
  },
  {
    rule: "quote_age_max_ms",
    limit: "quote_age_max_ms",
    value: "5000",
    given: (world) => {
      world.now = NOW + 5_001;
      world.price(MSFT, "100", { at: NOW + 1 });
    },
    inside: { of: MSFT, quantity: "1" },
    outside: { quantity: "1" },
    message: "the price of AAPL is 5001 ms old, and quote_age_max_ms is 5000",
    exit: { given: (world) => (world.now = NOW + 5_001), ask: {} },
  },
  {
    rule: "duplicate_signal",
    limit: "duplicate_window_seconds",
    value: "10",
    given: (world) => {
      const once = terms({ quantity: "5" });
      world.account.recentSignals.set(duplicateKey(AAPL, once), NOW - 10_000);
      world.account.recentSignals.set(duplicateKey(MSFT, once), NOW - 10_001);
    },
    inside: { of: MSFT, quantity: "5" },
    outside: { quantity: "5" },
    message: "the same order came 10.0 s ago, and duplicate_window_seconds is 10",
    exit: {
      given: (world) => {
        const exit = terms({ side: "sell", quantity: "100" });
        world.account.recentSignals.set(duplicateKey(AAPL, exit), NOW - 1);
      },
      ask: {},
    },
  },
  {
    rule: "max_order_qty_stock",
    limit: "max_order_qty_stock",
    value: "50",
    inside: { quantity: "50" },
    outside: { quantity: "50.000000001" },
    message: "the order is for 50.000000001 AAPL, and max_order_qty_stock is 50",
    head: { inside: "0", outside: "-0.000000001" },
    exit: { given: () => undefined, ask: {} },
  },
  {
    rule: "max_order_qty_crypto",
    limit: "max_order_qty_crypto",
    value: "0.5",
    inside: { of: BTC, timeInForce: "gtc", quantity: "0.5" },
    outside: { of: BTC, timeInForce: "gtc", quantity: "0.6" },
    message: "the order is for 0.6 BTC/USD, and max_order_qty_crypto is 0.5",
    head: { inside: "0", outside: "-0.1" },
  },
  {
    rule: "max_order_notional",
    limit: "max_order_notional",
    value: "1000",
    inside: { quantity: "10", limitPrice: "100" },
    outside: { quantity: "10", limitPrice: "100.01" },
    message: "the order may cost 1000.1 USD at its worst price, and max_order_notional is 1000",
    head: { inside: "0", outside: "-0.1" },
    exit: { given: () => undefined, ask: {} },
  },
  {
    rule: "max_position_size_usd",
    limit: "max_position_size_usd",
    value: "10000",
    given: (world) => {
      world.hold(AAPL, "40", "90");
      world.work(AAPL, { quantity: "30", limitPrice: "100" });
    },
    inside: { quantity: "30", limitPrice: "100" },
    outside: { quantity: "31", limitPrice: "100" },
    message:
      "AAPL could reach 10100 USD with everything on its way, and max_position_size_usd is 10000",
    head: { inside: "0", outside: "-100" },
  },
  {
    rule: "max_position_qty",
    limit: "max_position_qty",
    value: "100",
    given: (world) => {
      world.hold(AAPL, "40", "90");
      world.place(AAPL, { quantity: "30", limitPrice: "100" });
    },
    inside: { quantity: "30" },
    outside: { quantity: "31" },
    message: "AAPL could reach 101 shares with everything on its way, and max_position_qty is 100",
    head: { inside: "0", outside: "-1" },
  },
  {
    rule: "max_positions",
    limit: "max_positions",
    value: "2",
    given: (world) => {
      world.hold(MSFT, "1", "100");
      world.work(BTC, { quantity: "0.1", limitPrice: "50000" });
    },
    inside: { of: BTC, timeInForce: "gtc", quantity: "0.1" },
    outside: { quantity: "1" },
    message: "2 instruments are held or about to be, this adds 1, and max_positions is 2",
    head: { inside: "0", outside: "-1" },
  },
  {
    rule: "max_open_orders",
    limit: "max_open_orders",
    value: "3",
    given: (world) => {
      world.place(AAPL, { quantity: "1" });
      world.foreign(MSFT, { quantity: "1" });
    },
    inside: { quantity: "1" },
    outside: { quantity: "1", siblings: [terms({ quantity: "1" })] },
    message: "2 orders are open, this adds 2, and max_open_orders is 3",
    head: { inside: "0", outside: "-1" },
    exit: {
      given: (world) => {
        for (let count = 0; count < 3; count += 1) world.work(MSFT, { quantity: "1" });
      },
      ask: {},
    },
  },
  {
    rule: "max_orders_per_minute",
    limit: "max_orders_per_minute",
    value: "3",
    given: (world) => world.account.recentOrders.push(NOW - 60_000, NOW - 59_999, NOW - 1),
    inside: { quantity: "1" },
    outside: { quantity: "1", siblings: [terms({ quantity: "1" })] },
    message:
      "2 orders were placed in the last 60 seconds, this adds 2, and max_orders_per_minute is 3",
    head: { inside: "0", outside: "-1" },
    exit: {
      given: (world) => world.account.recentOrders.push(NOW - 3, NOW - 2, NOW - 1),
      ask: {},
    },
  },
  {
    rule: "max_orders_per_day",
    limit: "max_orders_per_day",
    value: "3",
    given: (world) => {
      for (let count = 0; count < 2; count += 1) world.place(AAPL, { quantity: "1" });
    },
    inside: { quantity: "1" },
    outside: { quantity: "1", siblings: [terms({ quantity: "1" })] },
    message: "2 orders were placed today, this adds 2, and max_orders_per_day is 3",
    head: { inside: "0", outside: "-1" },
    exit: {
      given: (world) => {
        for (let count = 0; count < 3; count += 1) world.place(MSFT, { quantity: "1" });
      },
      ask: {},
    },
  },
  {
    rule: "max_loss_per_trade_percent",
    limit: "max_loss_per_trade_percent",
    value: "1",
    inside: { quantity: "100", limitPrice: "100", stopLoss: "90" },
    outside: { quantity: "100", limitPrice: "100", stopLoss: "89.99" },
    message:
      "the trade would lose 1001 at its stop, and max_loss_per_trade_percent (1) allows 1000",
    head: { inside: "0", outside: "-1" },
  },
  {
    rule: "max_leverage",
    limit: "max_leverage",
    value: "0.5",
    given: (world) => {
      world.hold(MSFT, "-200", "100");
      world.work(BTC, { quantity: "0.2", limitPrice: "50000" });
    },
    inside: { quantity: "200", limitPrice: "100" },
    outside: { quantity: "201", limitPrice: "100" },
    message:
      "gross exposure could reach 50100, and max_leverage 0.5 times the equity of 100000 allows 50000",
    head: { inside: "0", outside: "-100" },
  },
  {
    rule: "max_concentration_percent",
    limit: "max_concentration_percent",
    value: "10",
    given: (world) => world.hold(AAPL, "50", "80"),
    inside: { quantity: "50", limitPrice: "100" },
    outside: { quantity: "51", limitPrice: "100" },
    message:
      "AAPL could reach 10100 USD with everything on its way, and max_concentration_percent is " +
      "10000 (10 percent of the equity)",
    head: { inside: "0", outside: "-100" },
  },
  {
    rule: "price_collar_percent",
    limit: "price_collar_percent",
    value: "10",
    inside: { quantity: "1", limitPrice: "110" },
    outside: { quantity: "1", limitPrice: "110.01" },
    message: "limit_price 110.01 is above 110, 10 percent from 100 (price_collar_percent)",
    head: { inside: "0", outside: "-0.01" },
    exit: { given: () => undefined, ask: { limitPrice: "89.99" } },
  },
  {
    rule: "price_collar_percent",
    limit: "price_collar_percent",
    value: "10",
    inside: { side: "sell", quantity: "1", limitPrice: "90" },
    outside: { side: "sell", quantity: "1", limitPrice: "89.99" },
    message: "limit_price 89.99 is below 90, 10 percent from 100 (price_collar_percent)",
    head: { inside: "0", outside: "-0.01" },
  },
  {
    rule: "buying_power",
    limit: "check_buying_power",
    value: "true",
    given: (world) => world.work(MSFT, { quantity: "400", limitPrice: "100" }),
    inside: { quantity: "600", limitPrice: "100" },
    outside: { quantity: "601", limitPrice: "100" },
    message:
      "the order may cost 60100, and 60000 of the buying power of 100000 is left, " +
      "with 40000 reserved for orders on their way",
    head: { inside: "0", outside: "-100" },
  },
  {
    rule: "wash_trade",
    limit: "check_wash_trade",
    value: "true",
    given: (world) => world.work(AAPL, { side: "sell", quantity: "5", limitPrice: "105" }),
    inside: { quantity: "1", limitPrice: "104.99" },
    outside: { quantity: "1", limitPrice: "105" },
    message: "it could trade with our own order order-1 to sell AAPL at 105",
    exit: { given: (world) => world.work(AAPL, { quantity: "5", limitPrice: "99" }), ask: {} },
  },
];
