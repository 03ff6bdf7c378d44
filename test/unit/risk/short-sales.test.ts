// Selling more than is held: who has to agree, and what the refusal says.
import { describe, expect, test } from "vitest";
import { AAPL } from "./market.ts";
import { World } from "./world.ts";

const holding = (): World => {
  const world = World.bare();
  world.hold(AAPL, "100", "100");
  return world;
};

describe("short sales", () => {
  const world = (): World => {
    const made = holding();
    made.set("allow_short", "false");
    return made;
  };

  test("the refusal names what is held and what is free", () => {
    const busy = world();
    busy.work(AAPL, { side: "sell", quantity: "30", limitPrice: "120" });
    expect(busy.ask({ side: "sell", quantity: "70" }).refusal).toBeNull();
    expect(busy.ask({ side: "sell", quantity: "71" }).refusal).toMatchObject({
      code: "short_not_allowed",
      message:
        "short positions are not allowed (allow_short is false): this sale could take AAPL to -1, " +
        "with 100 held and 70 of it free to sell",
    });
  });

  test("allowed when the setting, the instrument and the account agree", () => {
    const open = world();
    open.set("allow_short", "true");
    expect(open.ask({ side: "sell", quantity: "150" }).refusal).toBeNull();
  });

  test.each([
    ["crypto never", { assetClass: "crypto" }, "crypto cannot be sold short"],
    [
      "nor what the broker cannot lend",
      { shortable: false },
      "AAPL cannot be sold short at the broker",
    ],
  ] as const)("%s, whatever the settings say", (_name, changes, words) => {
    const open = world();
    open.set("allow_short", "true");
    open.set("enable_risk_checks", "false");
    open.instrument(AAPL, changes);
    const refusal = open.ask({ side: "sell", quantity: "150" }).refusal;
    expect(refusal?.code).toBe("short_not_allowed");
    expect(refusal?.message).toContain(words);
  });

  test("nor an account that may not", () => {
    const open = world();
    open.set("allow_short", "true");
    if (open.account.equity !== null) {
      open.account.equity = { ...open.account.equity, shortingEnabled: false };
    }
    expect(open.ask({ side: "sell", quantity: "150" }).refusal?.message).toContain(
      "the account may not sell short at the broker",
    );
  });

  test("the setting itself can run in shadow and is switched off with the limits", () => {
    const shadowed = world();
    shadowed.set("allow_short", "false", { shadow: true });
    expect(shadowed.ask({ side: "sell", quantity: "150" }).refusal).toBeNull();
    expect(shadowed.verdict("short_not_allowed", { side: "sell", quantity: "150" }).result).toBe(
      "shadow",
    );
    const off = world();
    off.set("enable_risk_checks", "false");
    expect(off.ask({ side: "sell", quantity: "150" }).refusal).toBeNull();
  });

  test("a resting sell that is not ours is counted too", () => {
    const busy = world();
    busy.foreign(AAPL, { side: "sell", quantity: "60" });
    expect(busy.ask({ side: "sell", quantity: "41" }).refusal?.code).toBe("short_not_allowed");
  });
});
