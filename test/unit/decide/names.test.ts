// What is loaded before an input is decided: closed orders and adjustments that it names and the book forgot.
import { describe, expect, it } from "vitest";
import type { Input } from "../../../src/domain/book.ts";
import type { BrokerActivity, BrokerReport } from "../../../src/domain/broker.ts";
import { namesNeeded } from "../../../src/domain/decide.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { AccountId, BrokerOrderId, BrokerReference } from "../../../src/domain/ids.ts";
import { forgetClosed } from "../../../src/domain/apply/index-order.ts";
import { tidyBook } from "../../../src/domain/apply.ts";
import { ACCOUNT_ID, brokerIdOf, commandId, d, orderOf, Scene } from "./scene.ts";
import { World } from "../risk/world.ts";

const broker = (id: string) => asId<BrokerOrderId>(id);
const named = (name: string) => asId<BrokerReference>(name);
const NOWHERE = asId<AccountId>("nowhere");
const nothing = {
  accountId: ACCOUNT_ID,
  ...{ ids: [], references: [], brokerOrderIds: [], adjustments: [] },
};

/** One order of ours that works, one stranger that is known. */
function desk(): Scene {
  const scene = new Scene();
  const id = scene.working({ side: "buy", quantity: "1", limitPrice: "99" });
  const stranger = { ...scene.snapshot(id), brokerOrderId: broker("X"), reference: named("x") };
  scene.world.apply({ type: "ExternalOrderSeen", snapshot: stranger });
  return scene;
}

const ask = (scene: Scene, input: Input) => namesNeeded(scene.book, input);

function report(scene: Scene, more: Partial<BrokerReport>, accountId = ACCOUNT_ID): Input {
  const head = { kind: "cancelled", brokerOrderId: null, reference: null, snapshot: null } as const;
  return { kind: "report", report: { ...head, accountId, at: scene.now, ...more } as BrokerReport };
}

describe("a report", () => {
  it("of an order that is not in the book names it by both its names", () => {
    const scene = desk();
    const names = { brokerOrderId: broker("Z"), reference: named("z") };
    expect(ask(scene, report(scene, names))).toEqual({
      ...nothing,
      references: ["z"],
      brokerOrderIds: ["Z"],
    });
    expect(ask(scene, report(scene, { reference: named("z") }))).toEqual({
      ...nothing,
      references: ["z"],
    });
  });

  it("under an earlier reference of an order that was changed, and is forgotten, names it again", () => {
    const scene = desk();
    const id = orderOf(1);
    scene.command({ kind: "replace_order", orderId: id, change: { limitPrice: d("98") } });
    scene.report(id, { kind: "replaced", newBrokerOrderId: "B-2", newReference: `${id}.2` });
    const told = report(scene, {
      brokerOrderId: brokerIdOf(id),
      reference: named(`${id}.1`),
    });
    expect(ask(scene, told)).toBeNull();
    scene.report(id, { kind: "cancelled", reference: `${id}.2` });
    tidyBook(scene.book, Number.POSITIVE_INFINITY);
    expect(ask(scene, told)).toEqual({
      ...nothing,
      references: [`${id}.1`],
      brokerOrderIds: [brokerIdOf(id)],
    });
  });

  it.each([
    ["by the broker's id", { brokerOrderId: brokerIdOf(orderOf(1)), reference: named("z") }],
    ["by its reference", { brokerOrderId: broker("Z"), reference: named(`${orderOf(1)}.1`) }],
    ["as a stranger", { brokerOrderId: broker("X"), reference: named("z") }],
    ["by no name at all", {}],
  ])("of what is known %s needs nothing", (_how, names) => {
    const scene = desk();
    expect(ask(scene, report(scene, names))).toBeNull();
  });

  it("of an order that was changed before the book forgot it names it by the names that it had first", () => {
    const scene = desk();
    const id = orderOf(1);
    const { reference } = scene.order(id);
    scene.command({ kind: "replace_order", orderId: id, change: { limitPrice: d("98") } });
    const newBrokerOrderId = broker("B-2");
    scene.report(id, { kind: "replaced", newBrokerOrderId, newReference: null });
    scene.filled(id, "1");
    scene.world.now += 3_600_000;
    forgetClosed(scene.account, scene.now, 1);
    expect(ask(scene, report(scene, { brokerOrderId: brokerIdOf(id), reference }))).toEqual({
      ...nothing,
      references: [reference],
      brokerOrderIds: [brokerIdOf(id)],
    });
  });

  it("names the legs that it shows, once each", () => {
    const scene = desk();
    const leg = { ...scene.snapshot(orderOf(1)), brokerOrderId: broker("L"), reference: null };
    const snapshot = scene.snapshot(orderOf(1), { legs: [leg, leg] });
    const names = { brokerOrderId: snapshot.brokerOrderId, snapshot };
    expect(ask(scene, report(scene, names))).toEqual({ ...nothing, brokerOrderIds: ["L"] });
  });

  it("for an account that is not here needs nothing", () => {
    const scene = desk();
    expect(ask(scene, report(scene, { reference: named("z") }, NOWHERE))).toBeNull();
  });
});

describe("the end of a call", () => {
  const ended = (orderId: ReturnType<typeof orderOf>, outcome: object): Input =>
    // A call's end, cut to what is looked at here.
    ({
      kind: "outcome",
      accountId: ACCOUNT_ID,
      at: 0,
      outcome: { kind: "lookup", orderId, outcome },
    }) as Input;

  it("names its order, unless that is in the book", () => {
    const scene = desk();
    expect(ask(scene, ended(orderOf(7), { result: "not_found" }))).toEqual({
      ...nothing,
      ids: [orderOf(7)],
    });
    expect(ask(scene, ended(orderOf(1), { result: "not_found" }))).toBeNull();
    expect(ask(scene, ended(orderOf(1), { result: "found", snapshot: null }))).toBeNull();
  });

  it("names the legs of what it found", () => {
    const scene = desk();
    const leg = {
      ...scene.snapshot(orderOf(1)),
      brokerOrderId: broker("L"),
      reference: named("l"),
    };
    const snapshot = scene.snapshot(orderOf(1), { legs: [leg] });
    expect(ask(scene, ended(orderOf(1), { result: "found", snapshot }))).toEqual({
      ...nothing,
      references: ["l"],
      brokerOrderIds: ["L"],
    });
  });
});

describe("a command", () => {
  const command = (request: object): Input =>
    ({
      kind: "command",
      command: {
        id: commandId(1),
        number: 1,
        accountId: ACCOUNT_ID,
        receivedAt: 0,
        actor: "person",
        traceParent: null,
        request,
      },
    }) as Input;

  it("names the order that it is about, unless that is in the book", () => {
    const scene = desk();
    const cancel = (orderId: unknown) => command({ kind: "cancel_order", orderId });
    expect(ask(scene, cancel(orderOf(7)))).toEqual({ ...nothing, ids: [orderOf(7)] });
    expect(ask(scene, cancel(orderOf(1)))).toBeNull();
    expect(ask(scene, command({ kind: "reconcile" }))).toBeNull();
  });

  it("that cannot be read, like a signal, needs nothing", () => {
    const scene = desk();
    const unreadable = {
      id: commandId(1),
      number: 1,
      accountId: ACCOUNT_ID,
      actor: "person",
      traceParent: null,
      unreadable: "no kind",
    };
    expect(ask(scene, { kind: "command", command: unreadable })).toBeNull();
    const signal = scene.signalOf({ side: "buy", quantity: "1" });
    expect(ask(scene, { kind: "signal", signal })).toBeNull();
  });
});

describe("a view", () => {
  const execution = (scene: Scene, id: string, executedAt: number) => ({
    ...scene.execution("1", "100", { brokerOrderId: broker(id), executedAt }),
    id: asId<ReturnType<Scene["execution"]>["id"]>(`E-${id}`),
    symbol: "AAPL",
    instrumentId: null,
    side: "buy" as const,
  });
  const look = (scene: Scene, more: object): Input =>
    ({ kind: "view", accountId: ACCOUNT_ID, view: scene.viewOf(more) }) as Input;

  it("names the orders that it lists and the book does not hold", () => {
    const scene = desk();
    const other = {
      ...scene.snapshot(orderOf(1)),
      brokerOrderId: broker("Z"),
      reference: named("z"),
    };
    const view = { openOrders: [scene.snapshot(orderOf(1)), other] };
    expect(ask(scene, look(scene, view))).toEqual({
      ...nothing,
      references: ["z"],
      brokerOrderIds: ["Z"],
    });
    expect(ask(scene, look(scene, {}))).toBeNull();
  });

  it("names the orders of fills, unless they are parked: a clock that was ahead makes them older than the first contact", () => {
    const scene = desk();
    scene.view();
    const first = scene.account.firstContactAt;
    if (first === null) throw new Error("no contact");
    const executions = [
      execution(scene, "OLD", first - 1),
      execution(scene, "AT", first),
      execution(scene, "NEW", first + 1),
    ];
    expect(ask(scene, look(scene, { executions }))).toEqual({
      ...nothing,
      brokerOrderIds: ["OLD", "AT", "NEW"],
      adjustments: ["E-NEW"],
    });
    const parked = {
      brokerOrderId: broker("NEW"),
      reference: null,
      instrumentId: null,
      side: null,
      execution: execution(scene, "NEW", first + 1),
    };
    const told = { type: "BrokerFactParked", description: "early", raw: "{}", parked } as const;
    scene.world.apply(told);
    expect(ask(scene, look(scene, { executions }))?.brokerOrderIds).toEqual(["OLD", "AT"]);
  });

  it("names fills and entries that may have been counted, unless the book knows that they were", () => {
    const scene = desk();
    scene.view();
    const ours = brokerIdOf(orderOf(1));
    const at = scene.now + 1;
    const executions = [
      execution(scene, "KNOWN", at),
      execution(scene, "FORGOTTEN", at),
      execution(scene, ours, at),
      { ...execution(scene, "nameless", at), brokerOrderId: null },
    ];
    const entry = (id: string, status: BrokerActivity["status"]) =>
      ({ id, status, at }) as BrokerActivity;
    const activities = [
      entry("A-1", "executed"),
      entry("A-2", "cancelled"),
      entry("A-3", "executed"),
      entry("A-4", "pending"),
    ];
    scene.account.adjustments.add("E-KNOWN").add("A-3");
    const asked = ask(scene, look(scene, { executions, activities }));
    expect(asked?.adjustments).toEqual([
      ...["E-FORGOTTEN", "E-nameless", "A-1", "A-2", "A-2:corrected"],
      ...["A-2:cancelled", "A-2:others", "A-2:corrected:others"],
    ]);
  });

  it("before the first contact asks for no fills: they are in the opening balances", () => {
    const scene = new Scene(new World());
    expect(scene.account.firstContactAt).toBeNull();
    expect(ask(scene, look(scene, { executions: [execution(scene, "A", scene.now)] }))).toBeNull();
  });
});

describe("a tick", () => {
  it("names what held orders wait for and the book does not hold", () => {
    const scene = desk();
    const tick: Input = { kind: "tick", accountId: ACCOUNT_ID };
    expect(ask(scene, tick)).toBeNull();
    const waitsFor = [orderOf(1), orderOf(8)];
    const orderId = scene.world.place(asId("sim:AAPL"), { quantity: "1" }, { waitsFor });
    scene.world.apply({ type: "OrderHeld", orderId, reason: "predecessor", until: null });
    expect(ask(scene, tick)).toEqual({ ...nothing, ids: [orderOf(8)] });
  });
});
