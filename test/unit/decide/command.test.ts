// Commands: each ends in an outcome that says what was done.
import { describe, expect, it } from "vitest";
import type { DomainEvent } from "../../../src/domain/event.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { OrderId } from "../../../src/domain/ids.ts";
import {
  AAPL,
  brokerIdOf,
  d,
  MSFT,
  only,
  orderOf,
  orderOfCommand,
  Scene,
  signalId,
  types,
} from "./scene.ts";

const outcomeOf = (events: readonly DomainEvent[]) => only(events, "CommandDecided").outcome;

/** Nothing new is opened, and entries are cancelled. */
const STOP = {
  kind: "trading_state_changed",
  state: "reducing",
  strategyId: null,
  cancelEntries: true,
  flatten: false,
  reason: "red button",
} as const;

describe("cancel", () => {
  it("asks the broker for an order that is there", () => {
    const scene = new Scene();
    const id = scene.working({ side: "buy", quantity: "1", limitPrice: "99" });
    const events = scene.command({ kind: "cancel_order", orderId: id });
    expect(types(events)).toEqual(["CancelRequested", "CommandDecided"]);
    expect(scene.calls.at(-1)).toMatchObject({ kind: "cancel", brokerOrderId: brokerIdOf(id) });
    scene.cancelled(id);
    expect(scene.order(id).status).toBe("cancelled");
  });

  it("of an unanswered send is remembered and goes out with the answer", () => {
    const scene = new Scene();
    scene.signal({ side: "buy", quantity: "1" });
    const events = scene.command({ kind: "cancel_order", orderId: orderOf(1) });
    expect(outcomeOf(events)).toMatchObject({ result: "done", code: "cancel_requested" });
    expect(scene.calls).toHaveLength(1);
    scene.accepted(orderOf(1));
    expect(scene.calls.at(-1)).toMatchObject({
      kind: "cancel",
      brokerOrderId: brokerIdOf(orderOf(1)),
    });
  });

  it("of an order that is over is refused and says what it is", () => {
    const scene = new Scene();
    const id = scene.bought("1");
    const { result, code, message } = outcomeOf(
      scene.command({ kind: "cancel_order", orderId: id }),
    );
    expect({ result, code }).toEqual({ result: "refused", code: "order_closed" });
    expect(message).toContain("filled");
  });

  it("by filter takes the symbol, side and strategy named and no others", () => {
    const scene = new Scene();
    const one = scene.working({ side: "buy", quantity: "1", limitPrice: "99" });
    scene.working({ side: "buy", quantity: "1", limitPrice: "99", of: MSFT });
    const filter = { instrumentId: AAPL, strategyId: null, side: "buy" } as const;
    const { orderIds } = outcomeOf(scene.command({ kind: "cancel_orders", filter }));
    expect(orderIds).toEqual([one]);
  });

  it("that leads nowhere is asked for again, and a person is told", () => {
    const scene = new Scene();
    const id = scene.working({ side: "buy", quantity: "1", limitPrice: "99" });
    scene.command({ kind: "cancel_order", orderId: id });
    expect(scene.deadline).toBe(scene.now + 5_000);
    expect(types(scene.tick(5_000))).toEqual(["CancelRequested"]);
    expect(scene.calls.filter(({ kind }) => kind === "cancel")).toHaveLength(2);
    scene.tick(30_000);
    expect(scene.alarms).toContain("cancel_pending");
  });
});

describe("taking a signal back", () => {
  const back = (n: number) =>
    ({
      kind: "take_back_signal",
      signalId: signalId(n),
      number: n,
      instrumentId: AAPL,
      strategyId: null,
    }) as const;

  it("before its turn decides it as cancelled, and its turn adds nothing", () => {
    const scene = new Scene();
    const first = scene.signalOf({ side: "buy", quantity: "1" });
    const second = scene.signalOf({ side: "buy", quantity: "2" });
    const events = scene.command(back(2));
    expect(only(events, "SignalDecided").refusal?.code).toBe("taken_back");
    expect(scene.book.decidedSignals).toBe(0);
    expect(scene.when({ kind: "signal", signal: first })).not.toEqual([]);
    expect(scene.book.decidedSignals).toBe(2);
    expect(scene.when({ kind: "signal", signal: second })).toEqual([]);
    expect(scene.calls).toHaveLength(1);
  });

  it("after its turn cancels its orders", () => {
    const scene = new Scene();
    const id = scene.working({ side: "buy", quantity: "1", limitPrice: "99" });
    expect(outcomeOf(scene.command(back(1))).orderIds).toEqual([id]);
  });

  it("that has nothing open any more is refused", () => {
    const scene = new Scene();
    scene.bought("1");
    expect(outcomeOf(scene.command(back(1))).code).toBe("already_decided");
  });
});

describe("replace", () => {
  it("asks the broker under the reference of the next generation", () => {
    const scene = new Scene();
    const id = scene.working({ side: "buy", quantity: "1", limitPrice: "99" });
    const events = scene.command({
      kind: "replace_order",
      orderId: id,
      change: { limitPrice: d("98") },
    });
    expect(only(events, "ReplaceRequested")).toMatchObject({ generation: 2, reference: `${id}.2` });
    expect(scene.calls.at(-1)).toMatchObject({ kind: "replace", reference: `${id}.2` });
    expect(scene.last).toMatchObject({ writesIntent: true, tokensUsed: 1 });
  });

  it("changes a held order at once", () => {
    const scene = new Scene();
    scene.tokens = 0;
    scene.signal({ side: "buy", quantity: "1" });
    scene.command({ kind: "replace_order", orderId: orderOf(1), change: { quantity: d("2") } });
    expect(scene.order(orderOf(1)).terms.quantity?.toString()).toBe("2");
    scene.tokens = 1;
    scene.tick();
    expect(scene.calls.at(-1)).toMatchObject({ kind: "submit" });
  });

  it("that breaks a limit is refused with the limit's code", () => {
    const scene = new Scene();
    const id = scene.working({ side: "buy", quantity: "1", limitPrice: "99" });
    scene.world.set("max_position_qty", "5");
    const change = { quantity: d("6") };
    const events = scene.command({ kind: "replace_order", orderId: id, change });
    expect(types(events)).toEqual(["CommandDecided"]);
    expect(outcomeOf(events).code).toBe("max_position_qty");
  });

  it("without a token is refused: its intent may not be written", () => {
    const scene = new Scene();
    const id = scene.working({ side: "buy", quantity: "1", limitPrice: "99" });
    scene.tokens = 0;
    const change = { limitPrice: d("98") };
    const events = scene.command({ kind: "replace_order", orderId: id, change });
    expect(outcomeOf(events).code).toBe("rate_budget");
  });
});

describe("close", () => {
  const all = { kind: "close_position", instrumentId: AAPL, quantity: null } as const;

  it("sells all that is held", () => {
    const scene = new Scene();
    scene.bought("10");
    scene.command(all);
    expect(scene.order(orderOfCommand(1)).terms).toMatchObject({ side: "sell", type: "market" });
    expect(scene.order(orderOfCommand(1)).status).toBe("submitted");
  });

  it("waits until every exit in its way is terminal, then sends", () => {
    const scene = new Scene();
    scene.bought("10");
    const exit = scene.working({ side: "sell", quantity: "10", limitPrice: "108" });
    scene.command(all);
    const id = orderOfCommand(1);
    expect(scene.order(id).hold?.reason).toBe("predecessor");
    expect(scene.calls.at(-1)).toMatchObject({ kind: "cancel", orderId: exit });
    scene.cancelled(exit);
    expect(scene.order(id).status).toBe("submitted");
  });

  it("sells only what is left when the exit filled in part before its cancel", () => {
    const scene = new Scene();
    scene.bought("10");
    const exit = scene.working({ side: "sell", quantity: "10", limitPrice: "108" });
    scene.command(all);
    scene.filled(exit, "4");
    scene.cancelled(exit);
    const id = orderOfCommand(1);
    expect(scene.order(id).status).toBe("submitted");
    expect(scene.calls.at(-1)).toMatchObject({ kind: "submit", orderId: id });
    expect(scene.order(id).terms.quantity?.toString()).toBe("6");
  });

  it("sells nothing when the exit filled instead", () => {
    const scene = new Scene();
    scene.bought("10");
    const exit = scene.working({ side: "sell", quantity: "10", limitPrice: "108" });
    scene.command(all);
    scene.filled(exit, "10");
    expect(scene.order(orderOfCommand(1)).rejectCode).toBe("nothing_to_close");
    expect(scene.position()).toBe("0");
  });

  it("takes away entries that it would trade with, and leaves exits alone that leave it room", () => {
    const scene = new Scene();
    scene.bought("10");
    const entry = scene.working({ side: "buy", quantity: "1", limitPrice: "95" });
    const exit = scene.working({ side: "sell", quantity: "4", limitPrice: "108" });
    scene.command({ ...all, quantity: d("6") });
    expect(scene.order(entry).pendingAction).toBe("cancel");
    expect(scene.order(exit).pendingAction).toBeNull();
  });

  it("of nothing is refused", () => {
    const scene = new Scene();
    expect(outcomeOf(scene.command(all)).code).toBe("nothing_to_close");
  });

  it("while trading is halted is refused, and the exits stay where they are", () => {
    const scene = new Scene();
    scene.bought("10");
    const exit = scene.working({ side: "sell", quantity: "10", limitPrice: "108" });
    scene.world.stop({ state: "halted" });
    expect(outcomeOf(scene.command(all)).code).toBe("trading_state");
    expect(scene.order(exit).pendingAction).toBeNull();
  });

  it("while trading is reducing goes through: a stop never blocks the exit", () => {
    const scene = new Scene();
    scene.bought("10");
    scene.world.stop({ state: "reducing" });
    scene.command(all);
    expect(scene.order(orderOfCommand(1)).status).toBe("submitted");
  });

  it("flattening closes every position and cancels the rest", () => {
    const scene = new Scene();
    scene.bought("10");
    const entry = scene.working({ side: "buy", quantity: "1", limitPrice: "95", of: MSFT });
    const { orderIds } = outcomeOf(scene.command({ kind: "flatten" }));
    expect(orderIds).toEqual([orderOfCommand(1)]);
    expect(scene.order(entry).pendingAction).toBe("cancel");
  });
});

describe("a stop", () => {
  it("cancels resting entries, keeps protective exits and names what was on its way", () => {
    const scene = new Scene();
    scene.bought("10");
    const exit = scene.working({ side: "sell", quantity: "10", limitPrice: "108" });
    const entry = scene.working({ side: "buy", quantity: "1", limitPrice: "95", of: MSFT });
    scene.signal({ side: "buy", quantity: "2", of: MSFT });
    const onItsWay = orderOf(4);
    scene.world.stop({ state: "reducing" });
    const events = scene.command(STOP);
    expect(scene.order(exit).pendingAction).toBeNull();
    expect(scene.order(entry).pendingAction).toBe("cancel");
    const { orderIds, message } = outcomeOf(events);
    expect(orderIds).toEqual([entry, onItsWay]);
    expect(message).toContain("1 orders were already on their way");
  });

  it("ends what is held at once, and nothing is intended afterwards", () => {
    const scene = new Scene();
    scene.tokens = 0;
    scene.signal({ side: "buy", quantity: "1" });
    scene.world.stop({ state: "halted" });
    scene.command({ ...STOP, state: "halted" });
    expect(scene.order(orderOf(1)).status).toBe("cancelled");
    scene.tokens = 10;
    scene.tick();
    scene.signal({ side: "buy", quantity: "1" });
    expect(scene.calls).toEqual([]);
  });
});

describe("an exit at a stop", () => {
  /** Held are ten, and half of them wait to be sold. */
  const leaving = (): { readonly scene: Scene; readonly exit: OrderId } => {
    const scene = new Scene();
    scene.world.set("allow_short", "true");
    scene.view();
    scene.bought("10");
    return { scene, exit: scene.working({ side: "sell", quantity: "5", limitPrice: "108" }) };
  };

  it("that was changed to more than is held is none, and goes", () => {
    const { scene, exit } = leaving();
    scene.command({ kind: "replace_order", orderId: exit, change: { quantity: d("50") } });
    const newReference = scene.order(exit).pendingReplace?.reference ?? null;
    scene.report(exit, { kind: "replaced", newBrokerOrderId: asId("B-new"), newReference });
    scene.command(STOP);
    expect(scene.order(exit).pendingAction).toBe("cancel");
  });

  it("whose position is gone is none, and goes", () => {
    const { scene, exit } = leaving();
    scene.filled(scene.working({ side: "sell", quantity: "10", limitPrice: "99" }), "10");
    scene.command(STOP);
    expect(scene.order(exit).pendingAction).toBe("cancel");
  });

  it("whose change to more is on its way is none, and goes", () => {
    const { scene, exit } = leaving();
    scene.command({ kind: "replace_order", orderId: exit, change: { quantity: d("50") } });
    scene.command(STOP);
    expect(scene.order(exit).pendingAction).toBe("cancel");
  });

  it("of an amount of money goes where the position is on the other side by now", () => {
    const { scene } = leaving();
    const exit = scene.working({ side: "sell", notional: "200" });
    scene.filled(scene.working({ side: "sell", quantity: "20", limitPrice: "99" }), "20");
    scene.command(STOP);
    expect(scene.order(exit).pendingAction).toBe("cancel");
  });

  it("stays where it closes what is its strategy's own, though others sold of the account", () => {
    const scene = new Scene();
    scene.world.set("allow_short", "true");
    scene.view();
    scene.bought("10", { strategy: "a" });
    const exit = scene.working({
      ...{ side: "sell", quantity: "10", limitPrice: "108", strategy: "a" },
    });
    scene.filled(
      scene.working({ side: "sell", quantity: "4", limitPrice: "99", strategy: "b" }),
      "4",
    );
    scene.command(STOP);
    expect(scene.order(exit).pendingAction).toBeNull();
  });

  it("stays where what is left of it closes all or a part", () => {
    for (const filled of ["1", "4"]) {
      const { scene, exit } = leaving();
      scene.filled(exit, filled);
      scene.command(STOP);
      expect(scene.order(exit).pendingAction).toBeNull();
    }
  });
});

describe("what only a person decides", () => {
  it("a lost order is settled as never arrived, and a later fact about it still counts", () => {
    const scene = new Scene();
    scene.traits = { findsByReference: false };
    scene.signal({ side: "buy", quantity: "1" });
    const id = orderOf(1);
    scene.outcome({
      kind: "submit",
      orderId: id,
      generation: 1,
      outcome: { result: "unresolved", cause: "timeout", alarm: false },
    });
    scene.command({ kind: "settle_order", orderId: id, as: "never_arrived", reason: "I looked" });
    expect(scene.order(id)).toMatchObject({ status: "rejected", rejectCode: "never_arrived" });
    scene.filled(id, "1");
    expect(scene.position()).toBe("1");
    expect(scene.order(id).status).toBe("filled");
  });

  it("a position is corrected with its reason", () => {
    const scene = new Scene();
    const events = scene.command({
      kind: "adjust_position",
      instrumentId: AAPL,
      quantity: d("3"),
      price: d("90"),
      reason: "found in the drawer",
    });
    expect(only(events, "PositionAdjusted").adjustment.source).toBe("person: found in the drawer");
    expect(scene.position()).toBe("3");
  });

  it("a repeated command number adds nothing", () => {
    const scene = new Scene();
    const command = {
      id: signalId(9) as never,
      number: 1,
      accountId: scene.account.account.id,
      request: { kind: "reconcile" },
      receivedAt: scene.now,
      actor: "person",
      traceParent: null,
    } as const;
    expect(types(scene.when({ kind: "command", command }))).toEqual(["CommandDecided"]);
    expect(scene.when({ kind: "command", command })).toEqual([]);
  });
});

describe("a close whose way is not cleared", () => {
  it("asks again for the cancel that the broker refused, and leaves when it is done", () => {
    const scene = new Scene();
    scene.bought("10");
    const exit = scene.working({ side: "sell", quantity: "10", limitPrice: "108" });
    scene.command({ kind: "close_position", instrumentId: AAPL, quantity: null });
    scene.outcome({
      kind: "cancel",
      orderId: exit,
      outcome: { result: "refused", message: "being replaced" },
    });
    const cancels = () => scene.calls.filter(({ kind }) => kind === "cancel").length;
    expect(cancels()).toBe(1);
    expect(scene.deadline).toBe(scene.now + 5_000);
    scene.tick(5_000);
    expect(cancels()).toBe(2);
    scene.cancelled(exit);
    expect(scene.order(orderOfCommand(1)).status).toBe("submitted");
  });
});

describe("exits that stand alone", () => {
  it("count once with the leg that the broker makes beside them", () => {
    const scene = new Scene();
    scene.bought("10");
    const signal = scene.signalOf({ side: "sell", quantity: "10", limitPrice: "108" });
    if (signal.wish.kind !== "trade") throw new Error("a trade");
    const stopLoss = { stopPrice: d("92"), limitPrice: null };
    const terms = {
      ...signal.wish.terms,
      exits: { takeProfit: null, stopLoss, alone: true },
    } as const;
    scene.when({ kind: "signal", signal: { ...signal, wish: { kind: "trade", terms } } });
    const id = orderOf(2);
    expect(scene.order(id).linkGroup).toBe(id);
    const leg = {
      ...scene.snapshot(id),
      brokerOrderId: "L",
      reference: null,
      type: "stop",
    } as const;
    scene.accepted(id, { legs: [{ ...leg, legs: [] } as never] });
    expect(scene.order(orderOf(2, 0x10)).linkGroup).toBe(id);
  });
});
