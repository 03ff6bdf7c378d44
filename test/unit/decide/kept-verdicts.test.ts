// What the risk chain said stands in the log, whatever asked it and however it came out.
import { describe, expect, it } from "vitest";
import { decodeEvent, encodeEvent } from "../../../src/db/event-codec.ts";
import type { DomainEvent } from "../../../src/domain/event.ts";
import { RULE_CODES } from "../../../src/domain/refusal.ts";
import type { RuleCode, Verdict } from "../../../src/domain/refusal.ts";
import { AAPL, d, only, orderOf, orderOfCommand, Scene } from "./scene.ts";

type Kept = readonly Verdict[] | null | undefined;

function said(verdicts: Kept, rule: RuleCode): Verdict {
  const found = verdicts?.find((one) => one.rule === rule);
  if (found === undefined) throw new Error(`nothing is kept of ${rule}`);
  return found;
}

const survives = (event: DomainEvent): void => {
  expect(decodeEvent(event.type, 1, encodeEvent(event))).toEqual(event);
};

const shortable = (): Scene => {
  const scene = new Scene();
  scene.world.set("allow_short", "true");
  return scene;
};

describe("of a trade through zero", () => {
  it("a limit that the second half would have broken in shadow is told", () => {
    const scene = shortable();
    scene.world.set("max_position_size_usd", "500", { shadow: true });
    scene.bought("4");
    const decided = only(scene.signal({ side: "sell", quantity: "24" }), "SignalDecided");
    expect(decided.outcome).toBe("ordered");
    expect(said(decided.verdicts, "max_position_size_usd").result).toBe("shadow");
  });

  it("each limit has the least room that a half leaves it", () => {
    const scene = shortable();
    scene.world.set("max_position_qty", "12");
    scene.bought("10");
    const decided = only(scene.signal({ side: "sell", quantity: "15" }), "SignalDecided");
    // 5 short of 12; the half that closes would leave all of it.
    expect(said(decided.verdicts, "max_position_qty").head?.toString()).toBe("7");
  });

  it("the refusal is by the first rule of the chain, whichever half breaks it", () => {
    const scene = new Scene();
    scene.bought("10");
    scene.world.set("allow_short", "true");
    scene.world.set("max_position_qty", "12");
    const decided = only(scene.signal({ side: "sell", quantity: "25" }), "SignalDecided");
    expect(decided.refusal?.code).toBe("max_position_qty");
    expect(said(decided.verdicts, "max_position_qty").result).toBe("refuse");
    expect(decided.verdicts.map(({ rule }) => rule)).toEqual(RULE_CODES);
  });
});

describe("of a held order that is refused at its release", () => {
  it("what refused it stands with the refusal", () => {
    const scene = new Scene();
    scene.up = false;
    scene.signal({ quantity: "5" });
    scene.up = true;
    scene.world.set("max_order_qty_stock", "3");
    const rejected = only(scene.tick(1_000), "OrderRejected");
    expect(rejected.code).toBe("max_order_qty_stock");
    expect(said(rejected.verdicts, "max_order_qty_stock")).toMatchObject({ result: "refuse" });
    expect(rejected.verdicts?.map(({ rule }) => rule)).toEqual(RULE_CODES);
    survives(rejected);
  });

  it("nothing stands with a refusal that is not the chain's", () => {
    const scene = new Scene();
    scene.up = false;
    scene.signal({ quantity: "5" });
    expect(only(scene.tick(3_600_000), "OrderRejected")).not.toHaveProperty("verdicts");
  });
});

describe("of a change of a working order", () => {
  const changed = (quantity: string) => {
    const scene = new Scene();
    const orderId = scene.working({ quantity: "5", limitPrice: "99" });
    scene.world.set("max_order_qty_stock", "7");
    return scene.command({
      kind: "replace_order",
      orderId,
      change: { quantity: d(quantity) },
    });
  };

  it("that goes out, it stands with the request", () => {
    const requested = only(changed("6"), "ReplaceRequested");
    expect(said(requested.verdicts, "max_order_qty_stock").head?.toString()).toBe("1");
    survives(requested);
  });

  it("that is refused, it stands with the outcome of the command", () => {
    const decided = only(changed("8"), "CommandDecided");
    expect(decided.outcome.code).toBe("max_order_qty_stock");
    expect(said(decided.verdicts, "max_order_qty_stock").result).toBe("refuse");
    survives(decided);
  });
});

describe("of a close", () => {
  const close = (scene: Scene) =>
    scene.command({ kind: "close_position", instrumentId: AAPL, quantity: null });

  it("that leaves, it stands with the intent", () => {
    const scene = new Scene();
    scene.bought("10");
    scene.world.set("max_order_qty_stock", "7");
    const submitted = only(close(scene), "OrderSubmitted");
    expect(submitted.orderId).toBe(orderOfCommand(1));
    expect(said(submitted.verdicts, "max_order_qty_stock").result).toBe("warn");
    expect(submitted.mark?.last?.toString()).toBe("100");
  });

  it("that is refused, it stands with the outcome of the command", () => {
    const scene = new Scene();
    scene.bought("10");
    scene.world.set("trading_state", "halted");
    const decided = only(close(scene), "CommandDecided");
    expect(decided.outcome.code).toBe("trading_state");
    expect(said(decided.verdicts, "trading_state").result).toBe("refuse");
  });

  it("of everything keeps what refused a part of it", () => {
    const scene = new Scene();
    scene.bought("10");
    scene.world.set("trading_state", "halted");
    const decided = only(scene.command({ kind: "flatten" }), "CommandDecided");
    expect(decided.verdicts?.map(({ rule }) => rule)).toEqual(["trading_state"]);
  });

  it("is no word more in the log than it has to be: a signal's intent repeats nothing", () => {
    const scene = new Scene();
    expect(only(scene.signal({ quantity: "1" }), "OrderSubmitted").verdicts).toBeNull();
    expect(scene.order(orderOf(1)).status).toBe("submitted");
  });
});
