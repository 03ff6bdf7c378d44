// What the account can pay, and what its own orders may take of it.
import { describe, expect, test } from "vitest";
import { AAPL, BTC, MSFT, NOW } from "./market.ts";
import { World } from "./world.ts";

describe("buying power", () => {
  const world = (): World => {
    const made = World.bare();
    made.set("check_buying_power", "true");
    return made;
  };

  test("keeps back the share that is reserved", () => {
    const kept = world();
    kept.set("buying_power_reserve_percent", "10");
    expect(kept.ask({ quantity: "900", limitPrice: "100" }).refusal).toBeNull();
    expect(kept.ask({ quantity: "901", limitPrice: "100" }).refusal?.code).toBe("buying_power");
  });

  test("costs a market order 5 percent above the market, since nothing bounds its fill", () => {
    expect(world().ask({ quantity: "952" }).refusal).toBeNull();
    expect(world().ask({ quantity: "953" }).refusal?.code).toBe("buying_power");
    expect(world().ask({ quantity: "950", stopPrice: "110" }).refusal?.code).toBe("buying_power");
    expect(world().ask({ quantity: "1000", limitPrice: "100" }).refusal).toBeNull();
  });

  test("crypto uses what cannot be borrowed", () => {
    const borrowing = world();
    borrowing.observe("100000", { buyingPower: "200000", nonMarginable: "50000" });
    const crypto = { of: BTC, timeInForce: "gtc", limitPrice: "50000" } as const;
    expect(borrowing.ask({ ...crypto, quantity: "1" }).refusal).toBeNull();
    expect(borrowing.ask({ ...crypto, quantity: "1.1" }).refusal?.message).toContain(
      "non-marginable buying power of 50000",
    );
    expect(borrowing.ask({ quantity: "2000", limitPrice: "100" }).refusal).toBeNull();
  });

  test("reserves for what the broker's figures cannot contain yet, and only for that", () => {
    const seen = world();
    seen.now = NOW + 1;
    seen.work(MSFT, { quantity: "400", limitPrice: "100" });
    expect(seen.ask({ quantity: "601", limitPrice: "100" }).refusal?.code).toBe("buying_power");
    seen.now = NOW + 2;
    seen.observe("100000", { buyingPower: "60000" });
    expect(seen.ask({ quantity: "600", limitPrice: "100" }).refusal).toBeNull();
    expect(seen.ask({ quantity: "601", limitPrice: "100" }).refusal?.code).toBe("buying_power");
  });

  test("what was bought since the broker's figures is spent, though the order is gone", () => {
    const spent = world();
    spent.now = NOW + 1;
    const bought = spent.work(MSFT, { quantity: "400", limitPrice: "100" });
    spent.fill(bought, "400", "99");
    expect(spent.ask({ quantity: "604", limitPrice: "100" }).refusal).toBeNull();
    expect(spent.ask({ quantity: "605", limitPrice: "100" }).refusal?.code).toBe("buying_power");
  });

  test("a held order that is released is not reserved against itself", () => {
    const held = world();
    const wish = { quantity: "1000", limitPrice: "100" };
    const placedOrderId = held.place(AAPL, wish);
    expect(held.ask({ ...wish, placedOrderId }).refusal).toBeNull();
  });
});
