// Orders that could trade with our own.
import { describe, expect, test } from "vitest";
import { AAPL, MSFT } from "./market.ts";
import { World } from "./world.ts";

describe("wash trades", () => {
  const world = (): World => {
    const made = World.bare();
    made.set("check_wash_trade", "true");
    return made;
  };

  test("a market order meets every opposite order", () => {
    const busy = world();
    busy.work(AAPL, { side: "sell", quantity: "1", limitPrice: "500" });
    expect(busy.ask({ quantity: "1" }).refusal?.code).toBe("wash_trade");
    expect(busy.ask({ of: MSFT, quantity: "1" }).refusal).toBeNull();
  });

  test("an order of the account that is not ours counts, unless a person chose to ignore it", () => {
    const busy = world();
    const brokerOrderId = busy.foreign(AAPL, { side: "sell", quantity: "1" });
    expect(busy.ask({ quantity: "1" }).refusal?.code).toBe("wash_trade");
    busy.apply({ type: "ExternalOrderIgnored", brokerOrderId });
    expect(busy.ask({ quantity: "1" }).refusal).toBeNull();
  });

  test("the exits of an entry that has not filled yet trade with nobody", () => {
    const busy = world();
    const parentId = busy.work(AAPL, { quantity: "10", limitPrice: "99" });
    busy.work(
      AAPL,
      { side: "sell", quantity: "10", limitPrice: "100" },
      { parentId, role: "take_profit", linkGroup: "exits" },
    );
    expect(busy.ask({ quantity: "1" }).refusal).toBeNull();
    busy.fill(parentId, "10", "99");
    expect(busy.ask({ quantity: "1" }).refusal?.code).toBe("wash_trade");
  });

  test("an order that is cancelled before this one is sent is not in its way", () => {
    const busy = world();
    const resting = busy.work(AAPL, { side: "sell", quantity: "1" });
    expect(busy.ask({ quantity: "1", waitsFor: [resting] }).refusal).toBeNull();
  });
});
