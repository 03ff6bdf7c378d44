// Each limit by itself: just inside passes, just outside is refused with its numbers in a sentence, an
// exit is only warned, a switch turns it off and a shadow records it. Every other limit is off, so each
// row fails when its rule's check is deleted.
import { describe, expect, test } from "vitest";
import { asId } from "../../../src/domain/ids.ts";
import type { LimitKey } from "../../../src/domain/limits.ts";
import type { Verdict } from "../../../src/domain/refusal.ts";
import { CASES } from "./limit-cases.ts";
import type { LimitCase } from "./limit-cases.ts";
import { AAPL } from "./market.ts";
import { World } from "./world.ts";
import type { Asked } from "./world.ts";

const offValue = (limit: LimitKey): string | null => (limit.startsWith("check_") ? "false" : null);

/** Cases without a number for it have no head-room that is worth telling. */
const headOf = (verdict: Verdict | undefined): string | undefined => verdict?.head?.toString();

const make = ({ given, limit, value }: LimitCase): World => {
  const world = World.bare();
  given?.(world);
  world.set(limit, value);
  return world;
};

describe.each(CASES)("$rule ($limit = $value)", (limitCase) => {
  const { rule, limit, value, inside, outside, message, head, exit } = limitCase;

  test("lets what is just inside pass, with its head-room", () => {
    const answer = make(limitCase).ask(inside);
    const verdict = answer.verdicts.find((one) => one.rule === rule);
    expect(answer.refusal).toBeNull();
    expect(verdict?.result).toBe("pass");
    expect(headOf(verdict)).toBe(head?.inside ?? headOf(verdict));
  });

  test("refuses what is just outside, in a sentence with the numbers", () => {
    const answer = make(limitCase).ask(outside);
    const verdict = answer.verdicts.find((one) => one.rule === rule);
    const refusal = answer.refusal ?? answer.refusalWithoutPrice;
    expect(refusal).toMatchObject({ code: rule, by: "risk", message });
    expect(verdict?.result).toBe("refuse");
    expect(Object.keys(verdict?.numbers ?? {})).not.toHaveLength(0);
    expect(headOf(verdict)).toBe(head?.outside ?? headOf(verdict));
  });

  test("judges nothing when it is switched off", () => {
    const world = make(limitCase);
    world.set(limit, offValue(limit));
    expect(world.ask(outside).refusal).toBeNull();
    expect(world.verdict(rule, outside).result).toBe("off");
  });

  test("judges nothing while risk checks are switched off", () => {
    const world = make(limitCase);
    world.set("enable_risk_checks", "false");
    expect(world.ask(outside).refusal).toBeNull();
    expect(world.verdict(rule, outside).result).toBe("off");
  });

  test("records only, where it is a shadow", () => {
    const world = make(limitCase);
    world.set(limit, value, { shadow: true });
    expect(world.ask(outside).refusal).toBeNull();
    expect(world.verdict(rule, outside)).toMatchObject({ result: "shadow", message });
  });

  test.runIf(exit !== undefined)("warns an exit and lets it pass", () => {
    const world = World.bare();
    world.hold(AAPL, "100", "100");
    exit?.given(world);
    world.set(limit, value);
    const asked: Asked = { side: "sell", quantity: "100", ...exit?.ask };
    const answer = world.ask(asked);
    expect(answer.reducesPosition).toBe(true);
    expect(answer.refusal).toBeNull();
    expect(world.verdict(rule, asked).result).toBe("warn");
  });
});

test("an order for money instead of a quantity is measured by its estimate, upwards", () => {
  const world = World.bare();
  world.set("max_order_qty_stock", "10");
  expect(world.ask({ notional: "1000" }).refusal).toBeNull();
  expect(world.ask({ notional: "1000.01" }).refusal?.code).toBe("max_order_qty_stock");
});

test("a strategy named in a row of its own does not change another one's limits", () => {
  const world = World.bare();
  world.override({ key: "max_order_qty_stock", value: "5", strategyId: "careful" });
  expect(world.ask({ quantity: "6", strategyId: asId("careful") }).refusal?.code).toBe(
    "max_order_qty_stock",
  );
  expect(world.ask({ quantity: "6", strategyId: asId("bold") }).refusal).toBeNull();
});
