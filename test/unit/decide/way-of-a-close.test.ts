// What has to give way to a close, a flip or a target, what does not, and what becomes of the order that waits.
import { describe, expect, it } from "vitest";
import { tidyBook } from "../../../src/domain/apply.ts";
import { decide } from "../../../src/domain/decide.ts";
import type { Input } from "../../../src/domain/book.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerOrderId, InstrumentId } from "../../../src/domain/ids.ts";
import { BTC, stock } from "../risk/market.ts";
import { AAPL, ACCOUNT_ID, commandId, d, MSFT, only, orderOf, orderOfCommand } from "./scene.ts";
import { Scene, types } from "./scene.ts";

const close = (scene: Scene, instrumentId: InstrumentId = AAPL) =>
  scene.command({ kind: "close_position", instrumentId, quantity: null });
const kinds = (scene: Scene) => scene.calls.map(({ kind }) => kind);

/** Ten held, an exit for them that rests at the broker, and a close that waits for its cancel. */
function closing() {
  const scene = new Scene();
  scene.bought("10");
  const exit = scene.working({ side: "sell", quantity: "10", limitPrice: "108" });
  const events = close(scene);
  scene.calls.length = 0;
  return { scene, exit, events, id: orderOfCommand(1) };
}

describe("a close", () => {
  it("of crypto stays until it is done, since no session ends it", () => {
    const scene = new Scene();
    scene.world.hold(BTC, "1", "50000");
    close(scene, BTC);
    expect(scene.order(orderOfCommand(1)).terms.timeInForce).toBe("gtc");
  });

  it("is the reason why what is in its way is cancelled", () => {
    const { events } = closing();
    expect(only(events, "CancelRequested").reason).toBe("gives way to a close");
  });

  it("is fitted to what its exits have left, and sells nothing where they sold more than all", () => {
    const { scene, exit, id } = closing();
    const events = scene.filled(exit, "15", "108");
    expect(scene.position()).toBe("-5");
    expect(types(events)).not.toContain("OrderSubmitted");
    expect(scene.order(id)).toMatchObject({ status: "rejected", rejectCode: "nothing_to_close" });
  });

  it("of everything closes what it has become where an entry in its way filled before its cancel", () => {
    const scene = new Scene();
    scene.world.set("allow_short", "true");
    scene.world.hold(AAPL, "-10", "100");
    const entry = scene.working({ side: "sell", quantity: "5", limitPrice: "108" });
    const exit = scene.working({ side: "buy", quantity: "10", limitPrice: "95" });
    close(scene);
    scene.filled(entry, "5", "108");
    scene.cancelled(exit);
    expect(scene.position()).toBe("-15");
    expect(scene.calls.at(-1)).toMatchObject({ kind: "submit", terms: { quantity: d("15") } });
  });

  it("of a part stays that part, however much is held by then", () => {
    const scene = new Scene();
    scene.bought("10");
    const exit = scene.working({ side: "sell", quantity: "10", limitPrice: "108" });
    const entry = scene.working({ side: "buy", quantity: "5", limitPrice: "95" });
    scene.command({ kind: "close_position", instrumentId: AAPL, quantity: d("8") });
    scene.filled(entry, "5", "95");
    scene.cancelled(exit);
    expect(scene.calls.at(-1)).toMatchObject({ kind: "submit", terms: { quantity: d("8") } });
  });

  it("of everything that waits for a token alone closes what is held when it comes, or nothing", () => {
    for (const [change, left] of [
      ["-4", "6"],
      ["3", "13"],
      ["-10", null],
    ] as const) {
      const scene = new Scene();
      scene.world.hold(AAPL, "10", "100");
      scene.tokens = 0;
      close(scene);
      scene.world.hold(AAPL, change, "100");
      scene.tokens = 5;
      scene.tick();
      const { status, terms } = scene.order(orderOfCommand(1));
      if (left === null) expect(status).toBe("rejected");
      else expect([status, terms.quantity?.toString()]).toEqual(["submitted", left]);
    }
  });

  it("of everything takes no other quantity while it waits, and another price as any order", () => {
    const { scene, id } = closing();
    const asked = (quantity: string) =>
      scene.command({ kind: "replace_order", orderId: id, change: { quantity: d(quantity) } });
    expect(only(asked("4"), "CommandDecided").outcome.code).toBe("quantity_follows_position");
    expect(scene.order(id).terms.quantity?.toString()).toBe("10");
  });

  it("does not ask again to cancel what it is not known whether it is cancelled: that is looked up", () => {
    const { scene, exit } = closing();
    const lost = { result: "unresolved", cause: "timeout", alarm: false } as const;
    scene.outcome({ kind: "cancel", orderId: exit, outcome: lost });
    scene.tick(5_000);
    expect(kinds(scene)).toEqual(["lookup"]);
  });

  it("takes what is in its way back behind a change of it, during which the broker refuses that", () => {
    const scene = new Scene();
    scene.bought("10");
    const exit = scene.working({ side: "sell", quantity: "10", limitPrice: "108" });
    const change = { limitPrice: d("107") };
    scene.command({ kind: "replace_order", orderId: exit, change });
    close(scene);
    const refused = { result: "refused", message: "being replaced" } as const;
    scene.outcome({ kind: "cancel", orderId: exit, outcome: refused });
    scene.calls.length = 0;
    const newBrokerOrderId = asId<BrokerOrderId>("B-2");
    scene.report(exit, { kind: "replaced", newBrokerOrderId, newReference: null });
    expect(scene.calls).toMatchObject([{ kind: "cancel", brokerOrderId: "B-2" }]);
  });

  it("asks again where neither the change nor the cancel is heard of", () => {
    const scene = new Scene();
    scene.bought("10");
    const exit = scene.working({ side: "sell", quantity: "10", limitPrice: "108" });
    scene.command({ kind: "replace_order", orderId: exit, change: { limitPrice: d("107") } });
    close(scene);
    const refused = { result: "refused", message: "being replaced" } as const;
    scene.outcome({ kind: "cancel", orderId: exit, outcome: refused });
    scene.calls.length = 0;
    scene.tick(5_000);
    expect(kinds(scene)).toEqual(["cancel"]);
  });

  it("is looked at for its age, not for the sake of what is out of its way already", () => {
    const { scene, exit } = closing();
    scene.tokens = 0;
    scene.cancelled(exit);
    scene.world.now += 10_000;
    expect(scene.deadline).toBe(scene.now + 50_001);
  });

  it("goes when what it waited for is no longer in the book: that is over", () => {
    const { scene, exit, id } = closing();
    scene.tokens = 0;
    scene.cancelled(exit);
    tidyBook(scene.book, scene.now + 10 * 60_000 + 1);
    expect(scene.account.orders.has(exit)).toBe(false);
    scene.tokens = 1;
    scene.tick();
    expect(scene.order(id).status).toBe("submitted");
  });

  it("goes behind an order that a person had adopted and that is cancelled for it", () => {
    const scene = new Scene();
    scene.bought("10");
    const brokerOrderId = scene.world.foreign(AAPL, {
      side: "sell",
      quantity: "10",
      limitPrice: "108",
    });
    scene.command({ kind: "adopt_order", brokerOrderId });
    close(scene);
    scene.cancelled(orderOfCommand(1));
    expect(scene.order(orderOfCommand(2)).status).toBe("submitted");
  });
});

describe("an exit that waited for a token alone", () => {
  it("is judged as it was asked for when less is held meanwhile, not fitted and not called a close", () => {
    for (const sold of ["10", "4"]) {
      const scene = new Scene();
      scene.bought("10");
      const other = scene.working({ side: "sell", quantity: sold, limitPrice: "108" });
      scene.cancelled(other);
      scene.tokens = 0;
      scene.signal({ side: "sell", quantity: "10" });
      scene.filled(other, sold, "108");
      scene.tokens = 5;
      expect(only(scene.tick(), "OrderRejected").code).toBe("short_not_allowed");
    }
  });
});

describe("flattening", () => {
  const flatten: Input = {
    kind: "command",
    command: {
      ...{ id: commandId(1), number: 1, accountId: ACCOUNT_ID, receivedAt: 0, actor: "person" },
      ...{ request: { kind: "flatten", reason: "test" }, traceParent: null },
    },
  };

  it("closes as many positions as one command has numbers for, and says how many are left", () => {
    for (const [many, left] of [
      [255, ""],
      [257, " 2 more positions are left: flatten again for them."],
    ] as const) {
      const scene = new Scene();
      for (let n = 0; n < many; n += 1) scene.world.hold(asId(`SIM:S${n}`), "1", "1");
      const instrument = (id: InstrumentId) => stock(id);
      const input = { ...flatten, command: { ...flatten.command, receivedAt: scene.now } };
      const { events } = decide(scene.book, input as Input, { ...scene.context, instrument });
      const last = events.at(-1)?.event;
      if (last?.type !== "CommandDecided") throw new Error("not decided");
      expect(last.outcome.orderIds).toHaveLength(255);
      expect(last.outcome.message).toBe(
        `255 positions are being closed and 0 other orders cancelled.${left}`,
      );
    }
  });

  it("with a stop counts an entry once that the stop has cancelled already, and waits for none of those", () => {
    const scene = new Scene();
    scene.world.hold(AAPL, "10", "100");
    scene.tokens = 0;
    scene.signal({ side: "buy", quantity: "1", of: MSFT });
    scene.signal({ side: "buy", quantity: "1" });
    scene.tokens = 5;
    const stop = { state: "reducing", strategyId: null, reason: "test", version: 1 } as const;
    const events = scene.command({
      ...{ kind: "trading_state_changed", cancelEntries: true, flatten: true },
      ...stop,
    } as never);
    expect(types(events).filter((type) => type === "OrderCancelled")).toHaveLength(2);
    expect(scene.order(orderOfCommand(1)).waitsFor).toEqual([]);
    const { message } = only(events, "CommandDecided").outcome;
    expect(message).toContain("2 entries are cancelled or being cancelled");
    expect(message).toContain("1 positions are being closed and 0 other orders cancelled.");
  });
});

describe("the second half of a flip", () => {
  function flipping(): Scene {
    const scene = new Scene();
    scene.world.set("allow_short", "true");
    scene.bought("10");
    scene.signal({ side: "sell", quantity: "15", limitPrice: "101" });
    scene.accepted(orderOf(2, 1));
    scene.calls.length = 0;
    return scene;
  }

  it("does not ask to cancel the first half, however long that takes", () => {
    const scene = flipping();
    scene.tick(6_000);
    expect(kinds(scene)).toEqual([]);
  });

  it("asks for no price as long as it waits for the first", () => {
    const scene = new Scene();
    scene.world.set("allow_short", "true");
    scene.world.set("max_position_size_usd", "100000");
    scene.bought("10");
    scene.world.now += 40_000;
    scene.signal({ side: "sell", quantity: "15" });
    expect(scene.order(orderOf(2, 2)).hold?.reason).toBe("predecessor");
    expect(scene.last?.effects.filter(({ kind }) => kind === "want_mark")).toEqual([]);
  });

  it("is nothing that another order waits for: a target behind the cancelled first half goes", () => {
    const scene = flipping();
    scene.signal({ target: "20" });
    scene.cancelled(orderOf(2, 1));
    expect(scene.order(orderOf(2, 2)).status).toBe("cancelled");
    expect(scene.order(orderOf(3)).status).toBe("submitted");
  });
});

describe("an exit that stands for a position", () => {
  it("is never split into a close and an entry: beyond what is held it is refused whole", () => {
    const scene = new Scene();
    scene.world.set("allow_short", "true");
    scene.bought("10");
    const signal = scene.signalOf({ side: "sell", quantity: "15", limitPrice: "108" });
    if (signal.wish.kind !== "trade") throw new Error("no trade");
    const exits = {
      takeProfit: null,
      stopLoss: { stopPrice: d("92"), limitPrice: null },
      alone: true,
    };
    const terms = { ...signal.wish.terms, exits };
    // Exits of the form that the edge makes of a signal.
    const wish = { kind: "trade", terms } as unknown as typeof signal.wish;
    const events = scene.when({ kind: "signal", signal: { ...signal, wish } });
    // Judged whole: behind a close of its own none of the ten would be free.
    expect(only(events, "SignalDecided").refusal).toMatchObject({
      code: "order_validity",
      message: expect.stringContaining("10 of them free"),
    });
  });
});

describe("a target position", () => {
  it.each(["take_profit", "stop_loss"] as const)(
    "counts no %s as on its way, and leaves it",
    (role) => {
      const scene = new Scene();
      scene.bought("10");
      const exit = { side: "sell", quantity: "10", limitPrice: "108" } as const;
      const leg = scene.world.work(AAPL, exit, { role, reducesPosition: true });
      scene.world.set("check_wash_trade", "false");
      scene.signal({ target: "15" });
      expect(scene.order(orderOf(2)).terms).toMatchObject({ side: "buy", quantity: d("5") });
      expect(scene.order(leg).pendingAction).toBeNull();
    },
  );

  it("takes all away where one of the orders around works against it", () => {
    const scene = new Scene();
    scene.world.set("allow_short", "true");
    scene.world.work(AAPL, { side: "buy", quantity: "6", limitPrice: "99" });
    scene.world.work(AAPL, { side: "sell", quantity: "2", limitPrice: "120" });
    scene.signal({ target: "10" });
    expect(kinds(scene)).toEqual(["cancel", "cancel"]);
    expect(scene.order(orderOf(1)).terms.quantity).toEqual(d("10"));
  });

  it("of zero waits for nothing where nothing rests", () => {
    const scene = new Scene();
    scene.bought("10");
    scene.signal({ target: "0" });
    expect(scene.order(orderOf(2))).toMatchObject({ waitsFor: [], status: "submitted" });
  });

  it("that an order on its way reaches leaves the exits where they are", () => {
    const scene = new Scene();
    scene.bought("10");
    const exit = { side: "sell", quantity: "10", limitPrice: "108" } as const;
    const leg = scene.world.work(AAPL, exit, { role: "take_profit", reducesPosition: true });
    scene.world.work(AAPL, { side: "sell", quantity: "10" });
    const events = scene.signal({ target: "0" });
    expect(only(events, "SignalDecided").outcome).toBe("nothing_to_do");
    expect(scene.order(leg).pendingAction).toBeNull();
  });
});
