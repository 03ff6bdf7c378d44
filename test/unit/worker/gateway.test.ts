// Sends of one instrument leave in the order in which they were decided, also when one of them could
// not leave at all.
import { expect, it } from "vitest";
import type { BrokerCall, CallOutcome, SubmitOutcome } from "../../../src/domain/broker.ts";
import {
  asId,
  type BrokerOrderId,
  type BrokerReference,
  type InstrumentId,
  type OrderId,
} from "../../../src/domain/ids.ts";
import type { BrokerAccountPort, CallOptions } from "../../../src/ports/broker.ts";
import { Circuit } from "../../../src/worker/circuit.ts";
import { BrokerGateway } from "../../../src/worker/gateway.ts";
import { RateBudget } from "../../../src/worker/rate-budget.ts";
import { INSTRUMENTS } from "../../simulation/world.ts";
import { ManualClock, settle } from "../../support/manual-clock.ts";
import { TERMS } from "../../support/orders.ts";

const ONE = asId<InstrumentId>("SIM:AAA");
const OTHER = asId<InstrumentId>("SIM:BBB");

function submitOf(name: string, instrumentId = ONE): BrokerCall {
  const reference = asId<BrokerReference>(name);
  return {
    ...{ kind: "submit", orderId: asId<OrderId>(name), instrumentId, generation: 1 },
    ...{ reference, terms: TERMS },
  };
}

/** A gateway whose broker answers when told to, and whose lease is as long as told. */
function open() {
  const clock = new ManualClock();
  const sent: string[] = [];
  const outcomes: CallOutcome[] = [];
  const answers: ((outcome: SubmitOutcome) => void)[] = [];
  const world = { leaseMs: 60_000 };
  const port = {
    submit: ({ reference }: { reference: BrokerReference }) => {
      sent.push(reference);
      return new Promise<SubmitOutcome>((resolve) => answers.push(resolve));
    },
    rateBudget: () => null,
  } as unknown as BrokerAccountPort; // nothing else of it is asked for
  const circuit = new Circuit();
  const budget = new RateBudget(1_000, clock.now());
  const gateway = new BrokerGateway({
    ...{ port, clock, budget, circuit },
    ...{ callTimeoutMs: 5_000, maxConcurrent: 8, tracer: null },
    instrument: (id) => INSTRUMENTS.find((each) => each.id === id),
    leaseRemainingMs: () => world.leaseMs,
    onOutcome: (outcome) => outcomes.push(outcome),
    onTiming: () => undefined,
    onChange: () => undefined,
  });
  const told = () => outcomes.map(({ orderId, outcome }) => `${orderId} ${outcome.result}`);
  const send = (...calls: BrokerCall[]) => calls.forEach((call) => gateway.dispatch(call, null));
  const hear = () => outcomes.splice(0).forEach((outcome) => gateway.heard(outcome));
  return { gateway, port, budget, clock, circuit, world, sent, answers, told, send, hear };
}

it("gives back what waits behind a send that could not leave, and what comes until it was heard of", async () => {
  const { world, sent, told, send, hear } = open();
  world.leaseMs = 100;
  send(submitOf("first"), submitOf("second"));
  await settle();
  world.leaseMs = 60_000;
  send(submitOf("third"), submitOf("elsewhere", OTHER));
  await settle();
  expect(told()).toEqual(["first not_sent", "second not_sent", "third not_sent"]);
  expect(sent).toEqual(["elsewhere"]);
  hear();
  send(submitOf("first"), submitOf("second"), submitOf("third"));
  await settle();
  expect(sent).toEqual(["elsewhere", "first"]);
});

it("does the same when the broker asks for fewer requests", async () => {
  const { sent, answers, told, send, hear } = open();
  send(submitOf("first"), submitOf("second"));
  await settle();
  answers[0]?.({ result: "rate_limited", retryAt: 0 });
  await settle();
  expect(sent).toEqual(["first"]);
  expect(told()).toEqual(["first rate_limited", "second not_sent"]);
  hear();
  send(submitOf("first"));
  await settle();
  expect(sent).toEqual(["first", "first"]);
});

it("gives back what waits behind a send whose fate is unknown: the symbol is frozen before it is decided again", async () => {
  const { sent, answers, told, send, hear } = open();
  send(submitOf("first"), submitOf("second"), submitOf("elsewhere", OTHER));
  await settle();
  answers[0]?.({ result: "unresolved", cause: "no answer in time", alarm: false });
  await settle();
  send(submitOf("third"));
  await settle();
  expect(sent).toEqual(["first", "elsewhere"]);
  expect(told()).toEqual(["first unresolved", "second not_sent", "third not_sent"]);
  hear();
  send(submitOf("exit"));
  await settle();
  expect(sent).toEqual(["first", "elsewhere", "exit"]);
});

it("blames the broker for nothing that was not even tried", async () => {
  const { circuit, world, told, send } = open();
  world.leaseMs = 100;
  const names = Array.from({ length: 20 }, (_, index) => `${index}`);
  for (const name of names) send(submitOf(name));
  await settle();
  expect(told()).toEqual(names.map((name) => `${name} not_sent`));
  expect(circuit.isUp).toBe(true);
});

it("counts each request of a lookup: an order with legs is asked for twice", async () => {
  const { budget, port, send } = open();
  const before = budget.forUrgent(0);
  Object.assign(port, {
    findByReference: (_: BrokerReference, { onRequest }: CallOptions) => {
      onRequest?.();
      onRequest?.();
      return Promise.resolve({ result: "not_found" });
    },
  });
  const reference = asId<BrokerReference>("one.1");
  const of = { orderId: asId<OrderId>("one"), instrumentId: ONE, reference, generation: 1 };
  send({ kind: "lookup", ...of, brokerOrderId: null } as BrokerCall);
  await settle();
  expect(before - budget.forUrgent(0)).toBe(2);
});

it("lookups that ask too often are no silence of the broker: nothing is asked before it says", async () => {
  const { budget, circuit, clock, port, send } = open();
  let asked = 0;
  Object.assign(port, {
    findByReference: () => {
      asked += 1;
      return Promise.resolve({ result: "rate_limited", retryAt: clock.now() + 3_000 });
    },
  });
  for (let n = 0; n < 8; n += 1) {
    const name = `many${n}`;
    const of = { orderId: asId<OrderId>(name), instrumentId: ONE, generation: 1 };
    const reference = asId<BrokerReference>(name);
    send({ kind: "lookup", ...of, reference, brokerOrderId: null } as BrokerCall);
    await settle();
  }
  expect([asked, circuit.isUp, budget.forUrgent(clock.now())]).toEqual([1, true, 0]);
  await clock.advance(3_000);
  expect(asked).toBe(8);
});

it("a flood of lookups leaves a cancel its request", async () => {
  const { budget, clock, port, send } = open();
  const asked: string[] = [];
  Object.assign(port, {
    findByReference: (reference: BrokerReference) => {
      asked.push(reference);
      return Promise.resolve({ result: "not_found" });
    },
    cancel: (brokerOrderId: BrokerOrderId) => {
      asked.push(brokerOrderId);
      return Promise.resolve({ result: "accepted" });
    },
  });
  // Of the hundred that are kept from orders, a quarter is for cancels alone.
  budget.take(970, clock.now());
  const lookup = (number: number): BrokerCall => ({
    ...{ kind: "lookup", orderId: asId<OrderId>(`order ${number}`), instrumentId: ONE },
    ...{ reference: asId<BrokerReference>(`lookup ${number}`), brokerOrderId: null },
  });
  send(...Array.from({ length: 50 }, (_, index) => lookup(index)));
  for (let turn = 0; turn < 60; turn += 1) await settle();
  expect(asked).toHaveLength(5);
  send({
    ...{ kind: "cancel", orderId: asId<OrderId>("resting"), instrumentId: ONE },
    brokerOrderId: asId<BrokerOrderId>("B-resting"),
  });
  await settle();
  expect(asked).toHaveLength(6);
  expect(asked.at(-1)).toBe("B-resting");
  // The others have their turn in the next window.
  await clock.advance(60_000);
  for (let turn = 0; turn < 60; turn += 1) await settle();
  expect(asked).toHaveLength(51);
});

it("a cancel that is asked for again while it waits takes one request", async () => {
  const { gateway, budget, clock, port, send } = open();
  const asked: string[] = [];
  Object.assign(port, {
    cancel: (brokerOrderId: BrokerOrderId) => {
      asked.push(brokerOrderId);
      return Promise.resolve({ result: "requested" });
    },
  });
  const cancel = (name: string): BrokerCall => ({
    ...{ kind: "cancel", orderId: asId<OrderId>("resting"), instrumentId: ONE },
    brokerOrderId: asId<BrokerOrderId>(name),
  });
  budget.take(1_000, clock.now());
  for (let again = 0; again < 12; again += 1) send(cancel("B-1"), cancel("B-2"));
  expect(gateway.waiting).toBe(2);
  await clock.advance(60_000);
  await settle();
  expect(asked).toEqual(["B-2", "B-1"]);
  // Once it has left, asking again is another request: the first may have been lost.
  send(cancel("B-1"));
  await settle();
  expect(asked).toEqual(["B-2", "B-1", "B-1"]);
});

it("asks nobody about what has not left from here: not known there would look like lost on the way", async () => {
  const { port, sent, answers, told, send } = open();
  const asked: BrokerReference[] = [];
  Object.assign(port, {
    findByReference: (reference: BrokerReference) => {
      asked.push(reference);
      return Promise.resolve({ result: "not_found" });
    },
  });
  send(submitOf("first"), submitOf("second"));
  await settle();
  const lookup = (name: string) => {
    const [orderId, reference] = [asId<OrderId>(name), asId<BrokerReference>(name)];
    send({ kind: "lookup", orderId, instrumentId: ONE, reference, brokerOrderId: null });
  };
  lookup("first");
  lookup("second");
  await settle();
  expect(asked).toEqual([]);
  answers[0]?.({ result: "unresolved", cause: "no answer in time", alarm: false });
  await settle();
  lookup("first");
  await settle();
  expect(sent).toEqual(["first"]);
  expect(asked).toEqual(["first"]);
  expect(told()).toEqual(["first unresolved", "second not_sent", "first not_found"]);
});

it("sends nothing whose turn comes after its signal has become too old", async () => {
  const { clock, sent, answers, told, send } = open();
  const leavesBy = clock.now() + 1_000;
  send(submitOf("first"), { ...submitOf("second"), leavesBy } as BrokerCall);
  await clock.advance(1_001);
  answers[0]?.({ result: "rejected", code: null, message: "no", category: "other" } as never);
  await settle();
  expect(sent).toEqual(["first"]);
  expect(told()).toEqual(["first rejected", "second not_sent"]);
});

it("gives back everything that waits when it is called back, and nothing that is on its way", async () => {
  const { gateway, sent, told, send, hear } = open();
  send(submitOf("first"), submitOf("second"), submitOf("third"));
  await settle();
  gateway.recall();
  expect(told()).toEqual(["second not_sent", "third not_sent"]);
  hear();
  expect(sent).toEqual(["first"]);
});

it("lets nothing of other symbols leave either once the broker asked for fewer requests", async () => {
  const { sent, answers, told, send } = open();
  const others = Array.from({ length: 20 }, (_, index) => submitOf(`${index}`, OTHER));
  send(submitOf("first"), ...others);
  await settle();
  answers[0]?.({ result: "rate_limited", retryAt: 30_000 });
  answers[1]?.({ result: "rate_limited", retryAt: 30_000 });
  await settle();
  expect(sent).toEqual(["first", "0"]);
  expect(told()).toHaveLength(21);
});

it("gives the token of what did not leave back: it is decided again, and takes another", async () => {
  const { gateway, budget, clock, world, answers, send } = open();
  const left = budget.forOrders(clock.now());
  // Each intent was committed with its token in hand.
  budget.take(3, clock.now());
  send(submitOf("first"), submitOf("second"), submitOf("third"));
  await settle();
  gateway.recall();
  expect(budget.forOrders(clock.now())).toBe(left - 1);
  answers[0]?.({ result: "unresolved", cause: "timeout", alarm: false });
  await settle();
  expect(budget.forOrders(clock.now())).toBe(left - 1);
  world.leaseMs = 100;
  budget.take(1, clock.now());
  send(submitOf("elsewhere", OTHER));
  await settle();
  expect(budget.forOrders(clock.now())).toBe(left - 1);
});
