// Events as the text of the log. Writing is JSON.stringify: a decimal writes itself as text. Reading
// goes by one shape per event type, so that a new event or field does not compile until it can be read
// back. An older version is first brought to the present one, field by field, in UPGRADES.
import { packEvent } from "../domain/codec/verdict.ts";
import {
  EVENT_VERSION,
  type DomainEvent,
  type EventOf,
  type EventType,
  type LoggedEvent,
} from "../domain/event.ts";
import { asId, type AccountId, type CommandId, type SignalId } from "../domain/ids.ts";
import { HOLDS } from "../domain/order/spec.ts";
import { COUNTINGS, ORDER_FLAGS } from "../domain/order/state.ts";
import { TRADING_STATES } from "../domain/trading-state.ts";
import type { LoggedText } from "../ports/store.ts";
import {
  adjustment,
  explains,
  cashAdjustment,
  brokerOrderId,
  commandOutcome,
  execution,
  executionId,
  foreignFill,
  instrumentId,
  orderId,
  orderSpec,
  parkedExecution,
  reference,
  refusal,
  rejectCode,
  rejectedBy,
  snapshot,
  strategyBaseline,
  strategyId,
  termsChange,
  unresolved,
  usedMark,
  verdict,
} from "./event-shapes.ts";
import {
  decimal,
  flag,
  id,
  integer,
  list,
  MalformedEvent,
  nullable,
  object,
  optional,
  text,
  word,
  type Fields,
  type Reader,
} from "./json-shape.ts";

export function encodeEvent(event: DomainEvent): string {
  return JSON.stringify(packEvent(event));
}

type Shapes = {
  readonly [Type in EventType]: Fields<Omit<EventOf<Type>, "type">>;
};

const byBrokerOrEngine = word(["broker", "engine"]);

const SHAPES: Shapes = {
  SignalDecided: {
    signalId: id<SignalId>(),
    number: integer,
    instrumentId,
    strategyId,
    outcome: word(["ordered", "held", "rejected", "nothing_to_do"]),
    refusal: nullable(refusal),
    verdicts: list(verdict),
    mark: nullable(usedMark),
    limitsVersion: integer,
    orderIds: list(orderId),
  },
  CommandDecided: {
    commandId: id<CommandId>(),
    number: integer,
    outcome: commandOutcome,
    verdicts: optional(list(verdict)),
  },
  OrderPlaced: { orderId, order: orderSpec },
  OrderHeld: { orderId, reason: word(HOLDS), until: nullable(integer) },
  OrderSubmitted: {
    orderId,
    generation: integer,
    reference,
    verdicts: nullable(list(verdict)),
    mark: nullable(usedMark),
  },
  OrderAccepted: { orderId, brokerOrderId: nullable(brokerOrderId), brokerAt: integer },
  OrderExecuted: { orderId, execution },
  OrderCompleted: { orderId },
  ExecutionBusted: { orderId, executionId },
  ExecutionCorrected: { orderId, executionId, by: execution },
  CancelRequested: { orderId, reason: text },
  CancelRefused: { orderId, message: text },
  OrderCancelled: { orderId, by: byBrokerOrEngine, message: nullable(text) },
  ReplaceRequested: {
    orderId,
    generation: integer,
    reference,
    change: termsChange,
    verdicts: optional(list(verdict)),
  },
  ReplaceRefused: { orderId, message: text },
  OrderReplaced: {
    orderId,
    generation: integer,
    reference: nullable(reference),
    brokerOrderId: nullable(brokerOrderId),
    change: termsChange,
  },
  ReplacementShown: {
    orderId,
    brokerOrderId,
    quantity: decimal,
    filledQuantity: decimal,
    counting: optional(word(COUNTINGS)),
  },
  OrderRejected: {
    orderId,
    by: rejectedBy,
    code: rejectCode,
    message: text,
    verdicts: optional(list(verdict)),
  },
  OrderExpired: { orderId, by: byBrokerOrEngine },
  OrderUnresolved: { orderId, unresolved },
  OrderResolved: { orderId, how: text },
  OrderFlagged: { orderId, flag: word(ORDER_FLAGS), detail: text },
  AccountObserved: {
    equity: decimal,
    cash: decimal,
    buyingPower: decimal,
    nonMarginableBuyingPower: nullable(decimal),
    shortingEnabled: flag,
    asOf: integer,
    unexplainedCash: optional(decimal),
  },
  PositionAdjusted: {
    adjustment,
    explains: optional(explains),
    foreign: optional(foreignFill),
    undoes: optional(text),
  },
  CashAdjusted: { adjustment: cashAdjustment },
  TradingDayStarted: {
    date: text,
    equityBaseline: nullable(decimal),
    realizedBaseline: decimal,
    unrealizedBaseline: decimal,
    strategyBaselines: optional(list(strategyBaseline)),
  },
  LossLimitCrossed: {
    limit: word(["max_daily_loss_usd", "max_daily_loss_percent"]),
    loss: decimal,
    allowed: decimal,
  },
  LossLimitReset: {
    reason: text,
    realizedBaseline: decimal,
    unrealizedBaseline: decimal,
    strategyBaselines: optional(list(strategyBaseline)),
  },
  TradingStateChanged: { state: word(TRADING_STATES), strategyId, reason: text },
  SymbolFrozen: { instrumentId, reason: text },
  SymbolUnfrozen: { instrumentId, reason: text },
  DifferenceFound: {
    kind: word(["order", "execution", "position", "cash"]),
    subject: text,
    ours: nullable(text),
    theirs: nullable(text),
    action: text,
    averagePrice: optional(decimal),
  },
  DifferenceAccepted: {
    kind: word(["position", "cash"]),
    subject: text,
    amount: decimal,
    reason: text,
    unexplained: optional(decimal),
    since: optional(integer),
  },
  ExternalOrderSeen: { snapshot },
  ExternalOrderClosed: { brokerOrderId },
  ExternalOrderIgnored: { brokerOrderId },
  BrokerFactParked: { description: text, raw: text, parked: nullable(parkedExecution) },
};

export const EVENT_TYPES: readonly string[] = Object.keys(SHAPES);

const READERS: ReadonlyMap<string, Reader<DomainEvent>> = new Map(
  Object.entries(SHAPES).map(([type, fields]) => {
    // The shapes above are the events without their type, which is added here.
    const whole = { type: word([type]), ...fields } as unknown as Fields<DomainEvent>;
    return [type, object<DomainEvent>(whole)];
  }),
);

/** From version n to n + 1, on parsed JSON. Version 1 is the first there is. */
const UPGRADES: readonly ((type: string, payload: unknown) => unknown)[] = [];

export function decodeEvent(type: string, version: number, payload: string): DomainEvent {
  return decodePayload(version, JSON.parse(payload), type);
}

/** The same for a payload that was parsed with others; its type is in it. */
export function decodePayload(
  version: number,
  payload: unknown,
  type = typeOf(payload),
): DomainEvent {
  const read = READERS.get(type);
  if (read === undefined || version > EVENT_VERSION) {
    throw new MalformedEvent(`${type} version ${version} is from a newer release`);
  }
  let parsed = payload;
  for (const upgrade of UPGRADES.slice(version - 1)) parsed = upgrade(type, parsed);
  return read(parsed, type);
}

function typeOf(payload: unknown): string {
  return typeof payload === "object" && payload !== null && "type" in payload
    ? String(payload.type)
    : "nothing";
}

/** A row of the log as the queries read it: `at` in milliseconds, `payload` as text. */
export interface EventRow {
  readonly partition: number;
  readonly seq: number;
  readonly version: number;
  readonly type: string;
  readonly account_id: string;
  readonly at: number;
  readonly actor: string;
  readonly correlation_id: string | null;
  readonly causation_id: string | null;
  readonly payload: string;
}

/** As it was written; an older version is brought to the present one, which is what readers know. */
export function loggedText(row: EventRow): LoggedText {
  const { partition, seq, type, account_id, at, version, payload } = row;
  const isOlder = version < EVENT_VERSION;
  return {
    ...{ partition, seq, type, accountId: asId<AccountId>(account_id), at },
    payload: isOlder ? encodeEvent(decodeEvent(type, version, payload)) : payload,
  };
}

export function loggedEvent(row: EventRow): LoggedEvent {
  return {
    partition: row.partition,
    seq: row.seq,
    version: row.version,
    accountId: asId<AccountId>(row.account_id),
    at: row.at,
    actor: row.actor,
    correlationId: row.correlation_id,
    causationId: row.causation_id,
    event: decodeEvent(row.type, row.version, row.payload),
  };
}
