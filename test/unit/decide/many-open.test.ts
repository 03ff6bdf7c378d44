// What a decision looks at where thousands of orders are open: its own, and not theirs.
import { describe, expect, it, vi } from "vitest";
import { AAPL, MSFT, orderOf, Scene } from "./scene.ts";

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

/** How many orders are looked at. */
function looked(scene: Scene, act: () => void): number {
  const spy = vi.spyOn(scene.account.orders, "get");
  act();
  const { length } = spy.mock.calls;
  spy.mockRestore();
  return length;
}

function sent(count: number): Scene {
  const scene = new Scene();
  scene.tokens = 2 * count;
  for (const limit of UNLIMITED) scene.world.set(limit, null);
  scene.world.set("check_buying_power", "false");
  for (let index = 0; index < count; index += 1) scene.signal({ side: "buy", quantity: "1" });
  expect(scene.calls).toHaveLength(count);
  return scene;
}

describe("with a thousand orders sent on its symbol", () => {
  it("a signal is decided without a look at them", () => {
    const scene = sent(MANY);
    expect(looked(scene, () => scene.signal({ side: "buy", quantity: "1" }))).toBeLessThan(FEW);
  });

  it("a fill is booked without a look at the others", () => {
    const scene = sent(MANY);
    scene.signal({ side: "buy", quantity: "1", of: MSFT });
    expect(looked(scene, () => scene.filled(orderOf(1), "1"))).toBeLessThan(FEW);
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
