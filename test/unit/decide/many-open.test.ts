// What a decision looks at where thousands of orders are open: its own, and not theirs.
import { describe, expect, it, vi } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import { asId, type StrategyId } from "../../../src/domain/ids.ts";
import { AAPL, d, orderOf, Scene } from "./scene.ts";

const MANY = 1_000;
/** A decision looks at its own order again and again, and at those on its way to it. */
const FEW = 60;

const UNLIMITED = [
  "max_position_size_usd",
  "max_open_orders",
  "max_orders_per_minute",
  "max_orders_per_day",
  "max_leverage",
] as const;

const OWN = ["max_positions", "max_open_orders", "max_position_qty"] as const;

/** How many orders are looked at, or numbers added, whichever is more. */
function looked(scene: Scene, act: () => void): number {
  const looks = vi.spyOn(scene.account.orders, "get");
  const sums = vi.spyOn(Decimal.prototype, "plus");
  act();
  const counts = [looks, sums].map(({ mock }) => mock.calls.length);
  looks.mockRestore();
  sums.mockRestore();
  return Math.max(...counts);
}

function sent(count: number, strategy?: string): Scene {
  const scene = new Scene();
  scene.tokens = 2 * count;
  for (const limit of UNLIMITED) scene.world.set(limit, null);
  scene.world.set("check_buying_power", "false");
  const from = strategy === undefined ? {} : { strategy };
  for (let index = 0; index < count; index += 1) {
    scene.signal({ side: "buy", quantity: "1", ...from });
  }
  expect(scene.calls).toHaveLength(count);
  return scene;
}

describe("with a thousand orders sent on its symbol", () => {
  it("a signal is decided without a look at them", () => {
    const scene = sent(MANY);
    expect(looked(scene, () => scene.signal({ side: "buy", quantity: "1" }))).toBeLessThan(FEW);
  });

  it("a change of one of them is judged without a look at the others", () => {
    const scene = sent(MANY);
    scene.world.set("max_position_size_usd", "100000000");
    scene.accepted(orderOf(1));
    scene.signal({ side: "buy", quantity: "1" });
    const change = { quantity: d("2") };
    const asked = () => scene.command({ kind: "replace_order", orderId: orderOf(1), change });
    expect(looked(scene, asked)).toBeLessThan(FEW);
    expect(scene.calls.at(-1)?.kind).toBe("replace");
  });

  it("neither where its strategy has limits of its own", () => {
    const scene = sent(MANY, "trend");
    const of = { strategyId: asId<StrategyId>("trend"), value: "1000000" };
    for (const key of OWN) scene.world.override({ key, ...of });
    const decide = () => scene.signal({ side: "buy", quantity: "1", strategy: "trend" });
    decide();
    expect(looked(scene, decide)).toBeLessThan(FEW);
  });

  it("a fill is booked without a look at the others", () => {
    const scene = sent(MANY);
    // With the first question all that works on the symbol is summed.
    scene.signal({ side: "buy", quantity: "1" });
    expect(looked(scene, () => scene.filled(orderOf(1), "1"))).toBeLessThan(FEW);
    expect(looked(scene, () => scene.signal({ side: "buy", quantity: "1" }))).toBeLessThan(FEW);
  });

  it("the same price again, only newer, makes nobody look at them", () => {
    const scene = sent(MANY);
    const tick = () => {
      scene.world.now += 1;
      scene.world.price(AAPL, "100");
      scene.tick(1);
    };
    tick();
    expect(looked(scene, tick)).toBeLessThan(FEW);
  });
});

it("orders that a broker sends back are put into their places once, not once each", () => {
  const scene = sent(MANY);
  const walks = vi.spyOn(scene.account.open, Symbol.iterator);
  for (let number = MANY; number > 0; number -= 1) {
    const orderId = orderOf(number);
    scene.world.apply({ type: "OrderHeld", orderId, reason: "rate_budget", until: null });
  }
  expect([...scene.account.held]).toHaveLength(MANY);
  expect(walks.mock.calls).toHaveLength(1);
  expect([...scene.account.held]).toEqual([...scene.account.open]);
});
