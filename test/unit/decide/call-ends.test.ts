// How a call to the broker ended, and what the account does next: ask, wait, send again, or give up.
import { describe, expect, it } from "vitest";
import type { CallOutcome } from "../../../src/domain/broker.ts";
import { asId } from "../../../src/domain/ids.ts";
import { AAPL, ACCOUNT_ID, brokerIdOf, d, only, orderOf, Scene, types } from "./scene.ts";

type Submit = Extract<CallOutcome, { kind: "submit" }>["outcome"];
type Replace = Extract<CallOutcome, { kind: "replace" }>["outcome"];

const ID = orderOf(1);
const LOST = { result: "unresolved", cause: "timeout", alarm: false } as const;
const kinds = (scene: Scene) => scene.calls.map(({ kind }) => kind);

function sent(more: object = {}): Scene {
  const scene = new Scene();
  scene.signal({ side: "buy", quantity: "10", ...more });
  return scene;
}

const submitted = (scene: Scene, outcome: Submit, generation = 1) =>
  scene.outcome({ kind: "submit", orderId: ID, generation, outcome });

const lookedUp = (scene: Scene) =>
  scene.outcome({ kind: "lookup", orderId: ID, outcome: { result: "not_found" } });

describe("a send", () => {
  it("leaves with all that the broker needs, once its intent stands", () => {
    const scene = sent();
    expect(scene.calls).toEqual([
      {
        kind: "submit",
        orderId: ID,
        instrumentId: AAPL,
        generation: 1,
        reference: `${ID}.1`,
        terms: scene.order(ID).terms,
        leavesBy: scene.order(ID).receivedAt + 60_000,
      },
    ]);
  });

  it("whose answer came is on record as the broker's word, for the signal's sake", () => {
    const scene = sent();
    scene.accepted(ID);
    expect(scene.log.at(-1)).toMatchObject({
      accountId: ACCOUNT_ID,
      at: scene.now,
      actor: "broker",
      causationId: ID,
      correlationId: scene.order(ID).signalId,
    });
  });

  it("that did not leave waits, and a tick sends it again: not the same decision, in a circle", () => {
    const scene = sent();
    scene.up = false;
    const events = submitted(scene, { result: "not_sent", cause: "no socket" });
    expect(types(events)).toEqual(["OrderHeld"]);
    expect(scene.order(ID)).toMatchObject({ status: "pending", hold: { reason: "broker_down" } });
    expect(kinds(scene)).toEqual(["submit"]);
    scene.up = true;
    expect(types(scene.tick(1_000))).toEqual(["OrderSubmitted"]);
    expect(scene.order(ID).generation).toBe(1);
  });

  it("that did not leave asks for a tick", () => {
    const scene = sent();
    submitted(scene, { result: "not_sent", cause: "no socket" });
    expect(kinds(scene)).toEqual(["submit", "submit"]);
  });

  it.each([
    { result: "not_sent", cause: "no socket" },
    { result: "rate_limited", retryAt: 0 },
  ] as const)("that was taken back meanwhile and did not leave never leaves: %o", (outcome) => {
    const scene = sent();
    scene.command({ kind: "cancel_order", orderId: ID });
    expect(types(submitted(scene, outcome))).toEqual(["OrderCancelled"]);
    expect(scene.order(ID)).toMatchObject({ status: "cancelled", closedBy: "engine" });
    scene.tick(10_000);
    expect(kinds(scene)).toEqual(["submit"]);
  });

  it("that was lost is looked up later, not at once", () => {
    const scene = sent();
    expect(types(submitted(scene, LOST))).toEqual(["OrderUnresolved"]);
    expect(kinds(scene)).toEqual(["submit"]);
    scene.tick(249);
    expect(kinds(scene)).toEqual(["submit"]);
    scene.tick(1);
    expect(scene.calls.at(-1)).toEqual({
      kind: "lookup",
      orderId: ID,
      instrumentId: AAPL,
      reference: `${ID}.1`,
      brokerOrderId: null,
    });
  });

  it("that was lost where nobody can ask is told to a person, and nothing is asked", () => {
    const scene = new Scene();
    scene.traits = { findsByReference: false };
    scene.signal({ side: "buy", quantity: "10" });
    submitted(scene, LOST);
    expect(scene.alarms).toEqual(["needs_a_person"]);
    scene.tick(10_000);
    expect(kinds(scene)).toEqual(["submit"]);
  });

  it("that nobody answered before we ended is unresolved from its first empty lookup on", () => {
    const scene = sent();
    scene.world.now += 3_600_000;
    const events = lookedUp(scene);
    expect(events[0]).toEqual({
      type: "OrderUnresolved",
      orderId: ID,
      unresolved: {
        action: "submit",
        since: scene.now,
        cause: "no answer to the send is known",
        lookups: 0,
      },
    });
    scene.world.now += 5_000;
    lookedUp(scene);
    expect(scene.order(ID).unresolved?.since).toBe(scene.now - 5_000);
  });

  it("that a look brings no answer about is asked for again, and when it is found no longer silent", () => {
    const scene = sent();
    scene.outcome({
      kind: "lookup",
      orderId: ID,
      outcome: { result: "unavailable", cause: "maintenance" },
    });
    expect(scene.order(ID).unresolved).toMatchObject({ action: "submit", since: scene.now });
    scene.tick(1_000);
    expect(kinds(scene)).toEqual(["submit", "lookup"]);
    const found = { result: "found", snapshot: scene.snapshot(ID) } as const;
    const events = scene.outcome({ kind: "lookup", orderId: ID, outcome: found });
    expect(types(events)).toEqual(["OrderAccepted"]);
    expect(scene.order(ID).unresolved).toBeNull();
  });

  it("whose answer is of an earlier generation changes nothing", () => {
    const scene = sent();
    expect(submitted(scene, LOST, 2)).toEqual([]);
  });
});

describe("an order that surely never arrived", () => {
  /** Lost, and not there at three looks, the last one well after the longest flight. */
  function missing(scene: Scene, stepMs = 10_000): readonly string[] {
    submitted(scene, LOST);
    let last: readonly string[] = [];
    for (let look = 0; look < 3; look += 1) {
      scene.world.now += stepMs;
      scene.world.price(AAPL, "100");
      last = types(lookedUp(scene));
    }
    return last;
  }

  it("goes again under the name that it had", () => {
    const scene = sent();
    missing(scene);
    expect(kinds(scene)).toEqual(["submit", "submit"]);
    expect(scene.calls[1]).toMatchObject({ reference: `${ID}.1`, generation: 1 });
  });

  it("does not go again when it was taken back meanwhile", () => {
    const scene = sent();
    scene.command({ kind: "cancel_order", orderId: ID });
    missing(scene);
    expect(scene.order(ID)).toMatchObject({ status: "cancelled", closedBy: "engine" });
    expect(kinds(scene)).toEqual(["submit"]);
  });

  it("and was taken back is cancelled when it arrived after all", () => {
    const scene = sent();
    scene.command({ kind: "cancel_order", orderId: ID });
    missing(scene);
    scene.report(ID, { kind: "accepted" });
    expect(scene.order(ID)).toMatchObject({ status: "accepted", pendingAction: "cancel" });
    expect(scene.calls.at(-1)).toMatchObject({ kind: "cancel", brokerOrderId: brokerIdOf(ID) });
    scene.cancelled(ID);
    expect(scene.report(ID, { kind: "accepted" })).toEqual([]);
  });

  it("and was taken back while it waited to go again is cancelled when it arrived after all", () => {
    const scene = sent();
    submitted(scene, LOST);
    scene.up = false;
    for (let look = 0; look < 3; look += 1) {
      scene.world.now += 10_000;
      lookedUp(scene);
    }
    expect(scene.order(ID).status).toBe("pending");
    scene.command({ kind: "cancel_order", orderId: ID });
    scene.view({ openOrders: [scene.snapshot(ID)] });
    expect(scene.order(ID)).toMatchObject({ status: "accepted", pendingAction: "cancel" });
    expect(kinds(scene)).toEqual(["submit", "cancel"]);
  });

  it.each([
    ["its signal has run out", { validUntil: 20_000 }],
    ["its signal is too old", {}, 25_000],
  ])("is given up when %s", (_why, { validUntil }: { validUntil?: number }, stepMs = 10_000) => {
    const scene = new Scene();
    const until = validUntil === undefined ? {} : { validUntil: scene.now + validUntil };
    scene.signal({ side: "buy", quantity: "10", ...until });
    missing(scene, stepMs);
    expect(scene.order(ID)).toMatchObject({ status: "rejected", rejectCode: "never_arrived" });
    expect(kinds(scene)).toEqual(["submit"]);
  });

  it("goes again at the very instant up to which its signal is good", () => {
    const scene = new Scene();
    scene.signal({ side: "buy", quantity: "10", validUntil: scene.now + 30_000 });
    missing(scene);
    expect(scene.order(ID).status).not.toBe("rejected");
  });

  it.each([
    ["halted", "buy", false],
    ["reducing", "buy", false],
    ["halted", "sell", false],
    ["reducing", "sell", true],
    ["active", "buy", true],
  ] as const)("while trading is %s: a %s goes again: %s", (state, side, goes) => {
    for (const by of ["switch", "setting"] as const) {
      const scene = new Scene();
      scene.world.hold(AAPL, "10", "100");
      scene.signal({ side, quantity: "10" });
      if (by === "switch") scene.world.stop({ state });
      else scene.world.set("trading_state", state);
      missing(scene);
      expect(scene.order(ID).rejectCode).toBe(goes ? null : "never_arrived");
    }
  });
});

describe("a change that was asked for", () => {
  function asked(): Scene {
    const scene = new Scene();
    scene.working({ side: "buy", quantity: "10", limitPrice: "99" });
    const change = { limitPrice: d("98") };
    scene.command({ kind: "replace_order", orderId: ID, change });
    return scene;
  }
  const ended = (scene: Scene, outcome: Replace) =>
    scene.outcome({ kind: "replace", orderId: ID, generation: 2, outcome });

  it("leaves with the terms as they then are", () => {
    const scene = asked();
    const { terms } = scene.order(ID);
    expect(scene.calls.at(-1)).toEqual({
      kind: "replace",
      orderId: ID,
      instrumentId: AAPL,
      brokerOrderId: brokerIdOf(ID),
      generation: 2,
      reference: `${ID}.2`,
      change: { limitPrice: d("98") },
      terms: { ...terms, limitPrice: d("98") },
    });
  });

  it.each([
    [{ result: "not_sent", cause: "no socket" }, "The change was not sent: no socket."],
    [
      { result: "rate_limited", retryAt: 0 },
      "The change was not sent: the broker's rate limit is used up.",
    ],
  ] as const)("and did not leave is not kept for later: %o", (outcome, message) => {
    const scene = asked();
    const calls = scene.calls.length;
    const events = ended(scene, outcome);
    expect(only(events, "ReplaceRefused")).toEqual({
      type: "ReplaceRefused",
      orderId: ID,
      message,
    });
    expect(scene.order(ID)).toMatchObject({ pendingReplace: null, status: "accepted" });
    const replaces = scene.calls.slice(calls).filter(({ kind }) => kind === "replace");
    expect(replaces).toEqual([]);
  });

  it("of an earlier generation that did not leave refuses nothing twice", () => {
    const scene = asked();
    ended(scene, { result: "not_sent", cause: "no socket" });
    expect(ended(scene, { result: "not_sent", cause: "no socket" })).toEqual([]);
  });

  it("whose answer was lost is looked up under its own name", () => {
    const scene = asked();
    expect(types(ended(scene, LOST))).toEqual(["OrderUnresolved"]);
    scene.tick(250);
    expect(scene.calls.at(-1)).toMatchObject({
      kind: "lookup",
      reference: `${ID}.2`,
      brokerOrderId: null,
    });
  });

  /** The old order is found open, and the new one not at all, as often as anybody asks. */
  function askedOften(scene: Scene): void {
    for (let turn = 0; turn < 20; turn += 1) {
      scene.tick(3_000);
      const call = scene.calls.at(-1);
      if (call?.kind !== "lookup") continue;
      const outcome =
        call.brokerOrderId === null
          ? ({ result: "not_found" } as const)
          : ({ result: "found", snapshot: scene.snapshot(ID) } as const);
      scene.outcome({ kind: "lookup", orderId: ID, outcome });
    }
  }

  it("of which no word ever comes is not waited for while the order lives", () => {
    const scene = asked();
    askedOften(scene);
    expect(scene.order(ID)).toMatchObject({
      status: "accepted",
      pendingAction: null,
      pendingReplace: null,
      unresolved: null,
    });
  });

  it("is not taken for silent before its word could have come, nor where a cancel is the stronger wish", () => {
    const scene = asked();
    const found = { result: "found", snapshot: scene.snapshot(ID) } as const;
    scene.world.now += 4_999;
    expect(scene.outcome({ kind: "lookup", orderId: ID, outcome: found })).toEqual([]);
    scene.command({ kind: "cancel_order", orderId: ID });
    scene.world.now += 5_000;
    expect(scene.outcome({ kind: "lookup", orderId: ID, outcome: found })).toEqual([]);
  });

  it("of which no word comes waits for a person where references lead nowhere", () => {
    const scene = asked();
    scene.traits = { findsByReference: false };
    askedOften(scene);
    expect(scene.order(ID)).toMatchObject({ pendingAction: "replace", unresolved: null });
  });

  it("whose answer was lost is asked for by the order's own name where references lead nowhere", () => {
    const scene = asked();
    scene.traits = { findsByReference: false };
    ended(scene, LOST);
    scene.tick(250);
    expect(scene.calls.at(-1)).toMatchObject({
      kind: "lookup",
      reference: `${ID}.1`,
      brokerOrderId: brokerIdOf(ID),
    });
  });

  it("and answered leaves the order asking for nothing", () => {
    const scene = asked();
    const before = scene.calls.length;
    const names = { brokerOrderId: asId<never>("B-2"), reference: asId<never>(`${ID}.2`) };
    ended(scene, { result: "requested", snapshot: scene.snapshot(ID, names) });
    expect(scene.calls).toHaveLength(before);
    expect(scene.order(ID).pendingReplace).not.toBeNull();
  });

  it("without a word is looked up after five seconds", () => {
    const scene = asked();
    expect(scene.deadline).toBe(scene.now + 5_000);
    scene.tick(4_999);
    expect(kinds(scene).at(-1)).toBe("replace");
    scene.tick(1);
    expect(scene.calls.at(-1)).toMatchObject({ kind: "lookup", reference: `${ID}.1` });
  });
});

describe("a cancel that was asked for", () => {
  function asked(): Scene {
    const scene = new Scene();
    scene.working({ side: "buy", quantity: "10", limitPrice: "99" });
    scene.command({ kind: "cancel_order", orderId: ID });
    return scene;
  }
  const cancels = (scene: Scene) => kinds(scene).filter((kind) => kind === "cancel").length;

  it("and did not leave goes out by a later tick", () => {
    const scene = asked();
    const outcome = { result: "not_sent", cause: "no socket" } as const;
    scene.outcome({ kind: "cancel", orderId: ID, outcome });
    expect(cancels(scene)).toBe(1);
    scene.tick(5_000);
    expect(cancels(scene)).toBe(2);
  });

  it("and was refused makes us ask what the order is", () => {
    const scene = asked();
    scene.outcome({ kind: "cancel", orderId: ID, outcome: { result: "refused", message: "no" } });
    expect(kinds(scene).at(-1)).toBe("lookup");
  });

  it("goes out again for the order that took its place meanwhile", () => {
    const scene = new Scene();
    scene.working({ side: "buy", quantity: "10", limitPrice: "99" });
    scene.command({ kind: "replace_order", orderId: ID, change: { limitPrice: d("98") } });
    scene.command({ kind: "cancel_order", orderId: ID });
    const before = cancels(scene);
    scene.report(ID, {
      kind: "replaced",
      newBrokerOrderId: "B-2",
      newReference: `${ID}.2`,
    });
    expect(cancels(scene)).toBe(before + 1);
    expect(scene.calls.at(-1)).toMatchObject({ kind: "cancel", brokerOrderId: "B-2" });
  });

  it("is asked again every five seconds, and after thirty a person is told", () => {
    const scene = asked();
    expect(types(scene.tick(4_999))).toEqual([]);
    const again = scene.tick(1);
    expect(only(again, "CancelRequested").reason).toBe("asked again: the broker has not answered");
    for (let time = 0; time < 4; time += 1) scene.tick(5_000);
    expect(scene.alarms).toEqual([]);
    scene.tick(5_000);
    expect(scene.told).toEqual([`The cancel of order ${ID} is still not done.`]);
  });

  it("is not asked again while the broker is away", () => {
    const scene = asked();
    scene.up = false;
    scene.tick(60_000);
    expect(cancels(scene)).toBe(1);
  });
});
