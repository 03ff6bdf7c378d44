// What each command answers, word for word: a person reads these sentences and acts on them.
import { describe, expect, it } from "vitest";
import type { CommandRequest } from "../../../src/domain/command.ts";
import { asId } from "../../../src/domain/ids.ts";
import { answer, done, refused } from "./answers.ts";
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
} from "./scene.ts";

const resting = { side: "buy", quantity: "1", limitPrice: "99" } as const;

describe("a cancel", () => {
  const cancel = (orderId = orderOf(1)) => ({ kind: "cancel_order", orderId }) as const;

  it("of an order that has not left cancels it at once", () => {
    const scene = new Scene();
    scene.tokens = 0;
    scene.signal(resting);
    const message = "The order had not left and is cancelled.";
    expect(answer(scene, cancel())).toEqual(done("cancelled", message, [orderOf(1)]));
    expect(scene.calls).toEqual([]);
  });

  it("of an order without an answer follows the answer", () => {
    const scene = new Scene();
    scene.signal(resting);
    const message =
      "The order is on its way; the cancel follows as soon as the broker has answered.";
    expect(answer(scene, cancel())).toEqual(done("cancel_requested", message, [orderOf(1)]));
    expect(scene.calls.map(({ kind }) => kind)).toEqual(["submit"]);
  });

  it("of a working order asks the broker, and says why in the record", () => {
    const scene = new Scene();
    const id = scene.working(resting);
    const events = scene.command(cancel());
    const message = "The broker is asked to cancel the order.";
    expect(only(events, "CommandDecided").outcome).toEqual(done("cancel_requested", message, [id]));
    expect(only(events, "CancelRequested").reason).toBe("asked for by a command");
    expect(scene.calls.at(-1)).toEqual({
      kind: "cancel",
      orderId: id,
      instrumentId: AAPL,
      brokerOrderId: brokerIdOf(id),
    });
  });

  it("of an order that is over, or of none, is refused", () => {
    const scene = new Scene();
    const id = scene.bought("1");
    const message = "The order is over already. It is filled.";
    expect(answer(scene, cancel())).toEqual(refused("order_closed", message, [id]));
    const unknown = "There is no such order in this account.";
    expect(answer(scene, cancel(orderOf(7)))).toEqual(
      refused("order_not_found", unknown, [orderOf(7)]),
    );
  });
});

describe("a cancel of many", () => {
  const scene = () => {
    const made = new Scene();
    made.bought("10", { strategy: "a" });
    made.working({ ...resting, strategy: "a" });
    made.working({ ...resting, strategy: "b" });
    made.working({ side: "sell", quantity: "1", limitPrice: "120", strategy: "a" });
    made.working({ ...resting, of: MSFT, strategy: "a" });
    return made;
  };
  const every = { instrumentId: null, strategyId: null, side: null };

  it.each([
    [{}, [2, 3, 4, 5]],
    [{ instrumentId: AAPL }, [2, 3, 4]],
    [{ strategyId: asId("a") }, [2, 4, 5]],
    [{ side: "sell" }, [4]],
    [{ side: "buy", strategyId: asId("a"), instrumentId: MSFT }, [5]],
  ] as const)("%o takes the orders %o", (filter, numbers) => {
    const said = answer(scene(), {
      kind: "cancel_orders",
      filter: { ...every, ...filter } as typeof every,
    });
    const message = `${numbers.length} open orders are cancelled or being cancelled.`;
    expect(said).toEqual(
      done(
        "cancel_requested",
        message,
        numbers.map((n) => orderOf(n)),
      ),
    );
  });

  it("that matches nothing says so, and the record says why each was cancelled", () => {
    const there = scene();
    const none = { ...every, instrumentId: asId<typeof AAPL>("sim:NONE") };
    expect(answer(there, { kind: "cancel_orders", filter: none })).toEqual(
      done("nothing_to_do", "No open order matches."),
    );
    const events = there.command({ kind: "cancel_orders", filter: { ...every, side: "sell" } });
    expect(only(events, "CancelRequested").reason).toBe("asked for by a command");
  });
});

describe("a signal taken back", () => {
  const back = (n: number) =>
    ({
      kind: "take_back_signal",
      signalId: signalId(n),
      number: n,
      instrumentId: AAPL,
      strategyId: null,
    }) as const;

  it("before its turn is decided as refused by us", () => {
    const scene = new Scene();
    const message = "The signal was taken back before it was decided.";
    const events = scene.command(back(1));
    expect(only(events, "SignalDecided")).toEqual({
      type: "SignalDecided",
      signalId: signalId(1),
      number: 1,
      instrumentId: AAPL,
      strategyId: null,
      outcome: "rejected",
      refusal: { code: "taken_back", by: "engine", message, numbers: {} },
      verdicts: [],
      mark: null,
      limitsVersion: scene.context.limits.version,
      orderIds: [],
    });
    expect(only(events, "CommandDecided").outcome).toEqual(done("taken_back", message));
  });

  it("after its turn loses all its open orders", () => {
    const scene = new Scene();
    scene.bought("5");
    const flip = { ...resting, side: "sell", quantity: "8", limitPrice: "101" } as const;
    scene.world.set("allow_short", "true");
    scene.signal(flip);
    const events = scene.command(back(2));
    const message = "The signal was decided already; its open orders are being cancelled.";
    const both = [orderOf(2), orderOf(2, 2)];
    expect(only(events, "CommandDecided").outcome).toEqual(done("cancel_requested", message, both));
    expect(only(events, "CancelRequested").reason).toBe("the signal was taken back");
  });

  it("loses the last order that it has a number for, too", () => {
    const scene = new Scene();
    scene.working(resting);
    const last = orderOf(1, 255);
    const order = { ...scene.order(orderOf(1)), id: last };
    scene.world.apply({ type: "OrderPlaced", orderId: last, order });
    expect(answer(scene, back(1)).orderIds).toEqual([orderOf(1), last]);
  });

  it("with nothing open is refused", () => {
    const scene = new Scene();
    scene.bought("5");
    const message = "The signal is decided and has no open order.";
    expect(answer(scene, back(1))).toEqual(refused("already_decided", message));
  });
});

describe("a change", () => {
  const change = (limitPrice = "98", orderId = orderOf(1)): CommandRequest => ({
    kind: "replace_order",
    orderId,
    change: { limitPrice: d(limitPrice) },
  });

  it("of a held order is made at once, of a working one asked for", () => {
    const scene = new Scene();
    scene.tokens = 0;
    scene.signal(resting);
    const atOnce = "The order had not left and is changed.";
    expect(answer(scene, change())).toEqual(done("replaced", atOnce, [orderOf(1)]));
    scene.tokens = 5;
    scene.tick();
    scene.accepted(orderOf(1));
    const asked = "The broker is asked to change the order.";
    expect(answer(scene, change("97"))).toEqual(done("replace_requested", asked, [orderOf(1)]));
  });

  it.each([
    ["order_not_found", "There is no such order in this account.", () => undefined],
    [
      "broker_down",
      "alpaca cannot be reached now.",
      (scene: Scene) => {
        scene.working(resting);
        scene.up = false;
      },
    ],
    [
      "rate_budget",
      "The broker's rate limit is used up: ask again.",
      (scene: Scene) => {
        scene.working(resting);
        scene.tokens = 0;
      },
    ],
  ])("is refused: %s", (code, message, given) => {
    const scene = new Scene();
    given(scene);
    const calls = scene.calls.length;
    expect(answer(scene, change())).toEqual(refused(code, message, [orderOf(1)]));
    expect(scene.calls).toHaveLength(calls);
  });

  it("that the order cannot take is refused by the order itself, whatever the limits say", () => {
    const scene = new Scene();
    const id = scene.bought("1");
    expect(answer(scene, change())).toMatchObject({ result: "refused", orderIds: [id] });
    const working = new Scene();
    working.working(resting);
    working.up = false;
    expect(answer(working, change(resting.limitPrice))).toMatchObject({ code: "nothing_changed" });
  });
});

describe("a close", () => {
  const close = (quantity: string | null, instrumentId = AAPL): CommandRequest => ({
    kind: "close_position",
    instrumentId,
    quantity: quantity === null ? null : d(quantity),
  });

  it("says what it sends, and what it waits for", () => {
    const scene = new Scene();
    scene.bought("10");
    scene.working(resting);
    const after = "Closing: sell 2 AAPL at the market, once 1 orders in its way are cancelled.";
    expect(answer(scene, close("2"))).toEqual(done("closing", after, [orderOfCommand(1)]));
    const clear = new Scene();
    clear.bought("10");
    expect(answer(clear, close("4"))).toEqual(
      done("closing", "Closing: sell 4 AAPL at the market.", [orderOfCommand(1)]),
    );
  });

  it("is an ordinary market order for the day", () => {
    const scene = new Scene();
    scene.bought("10");
    const events = scene.command(close(null));
    expect(only(events, "OrderPlaced").order).toMatchObject({
      instrumentId: AAPL,
      strategyId: null,
      signalId: null,
      parentId: null,
      role: "close_all",
      linkGroup: null,
      reducesPosition: true,
      waitsFor: [],
      validUntil: null,
      terms: {
        side: "sell",
        type: "market",
        timeInForce: "day",
        notional: null,
        limitPrice: null,
        extendedHours: false,
        postOnly: false,
        exits: null,
      },
    });
  });

  it("of more than is held, or of nothing, is refused", () => {
    const scene = new Scene();
    expect(answer(scene, close(null))).toEqual(
      refused("nothing_to_close", `Nothing is held of ${AAPL}.`),
    );
    scene.bought("10");
    expect(answer(scene, close("11"))).toEqual(
      refused("nothing_to_close", "Only 10 is held, not 11."),
    );
    expect(answer(scene, close("10")).result).toBe("done");
  });

  it("of what is held and not known any more is refused", () => {
    const scene = new Scene();
    const gone = asId<typeof AAPL>("sim:GONE");
    scene.world.hold(gone, "5", "10");
    const message = "sim:GONE is not known.";
    expect(answer(scene, close(null, gone))).toEqual(refused("instrument_not_tradable", message));
    expect(answer(scene, { kind: "flatten" })).toEqual(
      done(
        "flattening",
        `0 positions are being closed and 0 other orders cancelled. sim:GONE: ${message}`,
      ),
    );
  });

  it("of a short position buys", () => {
    const scene = new Scene();
    scene.world.hold(AAPL, "-5", "100");
    expect(answer(scene, close("3"))).toMatchObject({
      message: "Closing: buy 3 AAPL at the market.",
    });
  });

  it("of everything closes what is held and cancels what can only open", () => {
    const scene = new Scene();
    scene.bought("10");
    scene.bought("2");
    const entry = scene.working({ ...resting, of: MSFT });
    const events = scene.command({ kind: "flatten" });
    expect(only(events, "CommandDecided").outcome).toEqual(
      done("flattening", "1 positions are being closed and 1 other orders cancelled.", [
        orderOfCommand(1),
      ]),
    );
    expect(only(events, "CancelRequested")).toMatchObject({
      orderId: entry,
      reason: "the account is being flattened",
    });
  });
});
