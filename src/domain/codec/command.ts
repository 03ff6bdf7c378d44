// A command as the text that its row and its stream entry carry; the number stands beside it.
import type { Command, CommandRequest, OrderFilter } from "../command.ts";
import {
  asId,
  type AccountId,
  type BrokerOrderId,
  type CommandId,
  type InstrumentId,
  type OrderId,
  type SignalId,
  type StrategyId,
} from "../ids.ts";
import { SIDES } from "../order/spec.ts";
import { TRADING_STATES } from "../trading-state.ts";
import {
  decimal,
  flag,
  integer,
  object,
  oneOf,
  orNull,
  parseObject,
  text,
  type JsonObject,
} from "./json.ts";
import { readTermsChange } from "./terms.ts";

export function encodeCommand(command: Omit<Command, "number">): string {
  return JSON.stringify(command);
}

export function decodeCommand(body: string, number: number): Command {
  const source = parseObject(body);
  return {
    id: asId<CommandId>(text(source, "id")),
    number,
    accountId: asId<AccountId>(text(source, "accountId")),
    request: readRequest(object(source, "request")),
    receivedAt: integer(source, "receivedAt"),
    actor: text(source, "actor"),
    traceParent: orNull(text, source, "traceParent"),
  };
}

type Readers = {
  readonly [Kind in CommandRequest["kind"]]: (
    source: JsonObject,
  ) => Extract<CommandRequest, { kind: Kind }>;
};

const orderId = (source: JsonObject) => asId<OrderId>(text(source, "orderId"));
const instrumentId = (source: JsonObject) => asId<InstrumentId>(text(source, "instrumentId"));
const brokerOrderId = (source: JsonObject) => asId<BrokerOrderId>(text(source, "brokerOrderId"));
const reason = (source: JsonObject) => text(source, "reason");
const idOrNull = (source: JsonObject, field: string) => orNull(text, source, field);

/** One reader per kind: a new kind of command does not compile until it can be read back. */
const READERS: Readers = {
  cancel_order: (source) => ({ kind: "cancel_order", orderId: orderId(source) }),
  cancel_orders: (source) => ({
    kind: "cancel_orders",
    filter: readFilter(object(source, "filter")),
  }),
  take_back_signal: (source) => ({
    kind: "take_back_signal",
    signalId: asId<SignalId>(text(source, "signalId")),
    number: integer(source, "number"),
    instrumentId: instrumentId(source),
    strategyId: strategyOrNull(source),
  }),
  replace_order: (source) => ({
    kind: "replace_order",
    orderId: orderId(source),
    change: readTermsChange(object(source, "change")),
  }),
  close_position: (source) => ({
    kind: "close_position",
    instrumentId: instrumentId(source),
    quantity: orNull(decimal, source, "quantity"),
  }),
  flatten: () => ({ kind: "flatten" }),
  trading_state_changed: (source) => ({
    kind: "trading_state_changed",
    state: oneOf(TRADING_STATES, source, "state"),
    strategyId: strategyOrNull(source),
    cancelEntries: flag(source, "cancelEntries"),
    flatten: flag(source, "flatten"),
    reason: reason(source),
  }),
  reset_loss_limit: (source) => ({ kind: "reset_loss_limit", reason: reason(source) }),
  adopt_order: (source) => ({ kind: "adopt_order", brokerOrderId: brokerOrderId(source) }),
  ignore_order: (source) => ({ kind: "ignore_order", brokerOrderId: brokerOrderId(source) }),
  adjust_position: (source) => ({
    kind: "adjust_position",
    instrumentId: instrumentId(source),
    quantity: decimal(source, "quantity"),
    price: orNull(decimal, source, "price"),
    reason: reason(source),
  }),
  adopt_position: (source) => ({
    kind: "adopt_position",
    instrumentId: instrumentId(source),
    quantity: orNull(decimal, source, "quantity"),
    price: orNull(decimal, source, "price"),
    reason: reason(source),
  }),
  ignore_position: (source) => ({
    kind: "ignore_position",
    instrumentId: instrumentId(source),
    quantity: orNull(decimal, source, "quantity"),
    reason: reason(source),
  }),
  accept_cash: (source) => ({ kind: "accept_cash", reason: reason(source) }),
  settle_order: (source) => ({
    kind: "settle_order",
    orderId: orderId(source),
    as: oneOf(["never_arrived"] as const, source, "as"),
    reason: reason(source),
  }),
  unfreeze_symbol: (source) => ({
    kind: "unfreeze_symbol",
    instrumentId: instrumentId(source),
    reason: reason(source),
  }),
  reconcile: () => ({ kind: "reconcile" }),
};

const KINDS = Object.keys(READERS) as CommandRequest["kind"][]; // the table's keys are the kinds

function readRequest(source: JsonObject): CommandRequest {
  return READERS[oneOf(KINDS, source, "kind")](source);
}

function strategyOrNull(source: JsonObject): StrategyId | null {
  const name = idOrNull(source, "strategyId");
  return name === null ? null : asId<StrategyId>(name);
}

function readFilter(source: JsonObject): OrderFilter {
  const instrument = idOrNull(source, "instrumentId");
  return {
    instrumentId: instrument === null ? null : asId<InstrumentId>(instrument),
    strategyId: strategyOrNull(source),
    side: orNull((parent, name) => oneOf(SIDES, parent, name), source, "side"),
  };
}
