// Signals and commands as their rows carry them: what is written is read back, and what was damaged is
// refused by the name of its field.
import { describe, expect, it } from "vitest";
import { decodeCommand, encodeCommand } from "../../../src/domain/codec/command.ts";
import { MalformedJson } from "../../../src/domain/codec/json.ts";
import { decodeSignal, encodeSignal } from "../../../src/domain/codec/signal.ts";
import type { Command, CommandRequest } from "../../../src/domain/command.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import {
  asId,
  type BrokerOrderId,
  type InstrumentId,
  type OrderId,
} from "../../../src/domain/ids.ts";
import type { OrderTerms } from "../../../src/domain/order/spec.ts";
import type { Signal } from "../../../src/domain/signal.ts";

const d = Decimal.of;
const TERMS: OrderTerms = {
  ...{ side: "buy", type: "stop_limit", timeInForce: "gtc" },
  ...{ quantity: d("1.5"), notional: d("20"), limitPrice: d("10"), stopPrice: d("9") },
  ...{ trailPrice: d("0.5"), trailPercent: d("2"), extendedHours: true, postOnly: false },
  exits: {
    takeProfit: { limitPrice: d("12") },
    stopLoss: { stopPrice: d("8"), limitPrice: d("7.5") },
    alone: true,
  },
};
const { side: _side, quantity: _quantity, notional: _notional, ...OPEN } = TERMS;

const SIGNAL: Omit<Signal, "number"> = {
  ...{ id: asId("id-1"), accountId: asId("main"), instrumentId: asId("XNYS:AAPL") },
  ...{ strategyId: asId("trend"), reason: "why", validUntil: 5_000, onMarketClosed: "queue" },
  ...{ receivedAt: 4_000, actor: "bot", traceParent: "00-aa-bb-01" },
  wish: { kind: "trade", terms: TERMS },
};
const PLAIN: Omit<Signal, "number"> = {
  ...SIGNAL,
  ...{ strategyId: null, reason: null, validUntil: null, onMarketClosed: null, traceParent: null },
  wish: {
    kind: "position",
    target: d("-3"),
    terms: { ...OPEN, stopPrice: null, exits: { takeProfit: null, stopLoss: null } },
  },
};

const one = {
  orderId: asId<OrderId>("o-1"),
  instrumentId: asId<InstrumentId>("XNYS:AAPL"),
  brokerOrderId: asId<BrokerOrderId>("b-1"),
};
const said = { reason: "because", quantity: d("2"), price: d("3.25") };
// Each kind once; the ids are any text.
const REQUESTS = [
  { kind: "cancel_order", orderId: one.orderId },
  {
    kind: "cancel_orders",
    filter: { instrumentId: one.instrumentId, strategyId: asId("trend"), side: "sell" },
  },
  {
    kind: "take_back_signal",
    ...{ signalId: asId("s-1"), number: 7, instrumentId: one.instrumentId },
    strategyId: asId("trend"),
  },
  {
    kind: "replace_order",
    orderId: one.orderId,
    change: {
      ...{ quantity: d("3"), limitPrice: d("4"), stopPrice: d("5"), trail: d("6") },
      timeInForce: "day",
    },
  },
  { kind: "close_position", instrumentId: one.instrumentId, quantity: d("2") },
  { kind: "flatten" },
  {
    kind: "trading_state_changed",
    ...{ state: "reducing", strategyId: asId("trend"), cancelEntries: true, flatten: false },
    reason: "drill",
  },
  { kind: "reset_loss_limit", reason: "because" },
  { kind: "adopt_order", brokerOrderId: one.brokerOrderId },
  { kind: "ignore_order", brokerOrderId: one.brokerOrderId },
  { kind: "adjust_position", instrumentId: one.instrumentId, ...said },
  { kind: "adopt_position", instrumentId: one.instrumentId, ...said },
  {
    kind: "ignore_position",
    ...{ instrumentId: one.instrumentId, quantity: d("2"), reason: "because" },
  },
  { kind: "accept_cash", reason: "because" },
  { kind: "settle_order", orderId: one.orderId, as: "never_arrived", reason: "because" },
  { kind: "unfreeze_symbol", instrumentId: one.instrumentId, reason: "because" },
  { kind: "reconcile" },
] as const satisfies readonly CommandRequest[];

const commandOf = (request: CommandRequest): Command => ({
  ...{ id: asId("c-1"), number: 9, accountId: asId("main"), request },
  ...{ receivedAt: 4_000, actor: "person", traceParent: "00-aa-bb-01" },
});

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Every place in the JSON, as the keys that lead there. */
function placesIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (!isObject(value)) return [path];
  const inside = Object.entries(value).flatMap(([key, each]) => placesIn(each, [...path, key]));
  return path.length === 0 ? inside : [path, ...inside];
}

function damaged(body: string, path: readonly string[], wrong: unknown): string {
  const copy = JSON.parse(body) as Json;
  let at = copy;
  for (const key of path.slice(0, -1)) at = at[key] as Json; // placesIn led there
  at[path.at(-1) ?? ""] = wrong;
  return JSON.stringify(copy);
}

function fieldAtFault(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error: unknown) {
    if (!(error instanceof MalformedJson)) throw error;
    expect(error.message).toBe(`the field ${error.field} is missing or malformed`);
    expect(error.name).toBe("MalformedJson");
    return error.field;
  }
}

/** The wrong kinds of value for any field of ours: text is no number, a number no text. */
const WRONG = [[], 1.5, "…"];
/** `alone` is either true or as good as absent. */
const NEVER_WRONG = new Set(["alone"]);

function everyDamage(body: string, read: (body: string) => unknown): void {
  for (const path of placesIn(JSON.parse(body))) {
    const name = path.at(-1) ?? "";
    if (NEVER_WRONG.has(name)) continue;
    const found = WRONG.map((wrong) => fieldAtFault(() => read(damaged(body, path, wrong))));
    expect({ path, found: found.filter((field) => field === name).length > 1 }).toEqual({
      path,
      found: true,
    });
  }
}

describe("a signal", () => {
  it.each([SIGNAL, PLAIN])("is read back as it was written", (signal) => {
    expect(decodeSignal(encodeSignal(signal), 12)).toEqual({ ...signal, number: 12 });
  });

  it("names the field that was damaged", () => {
    everyDamage(encodeSignal(SIGNAL), (body) => decodeSignal(body, 1));
    everyDamage(encodeSignal(PLAIN), (body) => decodeSignal(body, 1));
  });

  it("that has no exits has none, and a pair that stands alone says so", () => {
    const without = {
      ...SIGNAL,
      wish: { kind: "trade", terms: { ...TERMS, exits: null } },
    } as const;
    expect(decodeSignal(encodeSignal(without), 1).wish.terms.exits).toBeNull();
    expect(decodeSignal(encodeSignal(PLAIN), 1).wish.terms.exits).not.toHaveProperty("alone");
  });

  it.each(["", "{", "[]", "null", "1", '"text"'])("that is %j is no signal", (body) => {
    expect(fieldAtFault(() => decodeSignal(body, 1))).toBe("(body)");
  });
});

describe("a command", () => {
  it.each(REQUESTS)("to $kind is read back as it was written", (request) => {
    const command = commandOf(request);
    const { number: _number, ...row } = command;
    expect(decodeCommand(encodeCommand(row), 9)).toEqual(command);
  });

  it.each(REQUESTS)("to $kind names the field that was damaged", (request) => {
    const { number: _number, ...row } = commandOf(request);
    everyDamage(encodeCommand(row), (body) => decodeCommand(body, 1));
  });

  it.each([
    { kind: "cancel_orders", filter: { instrumentId: null, strategyId: null, side: null } },
    { kind: "replace_order", orderId: one.orderId, change: {} },
    { kind: "close_position", instrumentId: one.instrumentId, quantity: null },
    {
      kind: "adopt_position",
      ...{ instrumentId: one.instrumentId, quantity: null, price: null, reason: "because" },
    },
  ] as const)("may leave out what $kind does not need", (request) => {
    const { number: _number, ...row } = commandOf(request);
    expect(decodeCommand(encodeCommand(row), 9).request).toEqual(request);
  });
});
