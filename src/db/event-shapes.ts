// The shapes inside events: orders, executions, snapshots, verdicts.
import type { BrokerOrderSnapshot, BrokerOrderStatus } from "../domain/broker.ts";
import { unpackVerdict, verdictOfWord } from "../domain/codec/verdict.ts";
import type { CommandOutcome } from "../domain/command.ts";
import type {
  Explains,
  ForeignFill,
  ParkedExecution,
  StrategyBaseline,
  UsedMark,
} from "../domain/event.ts";
import type {
  AccountId,
  BrokerOrderId,
  BrokerReference,
  CommandId,
  ExecutionId,
  InstrumentId,
  OrderId,
  SignalId,
  StrategyId,
} from "../domain/ids.ts";
import {
  ORDER_TYPES,
  ROLES,
  SIDES,
  TIMES_IN_FORCE,
  type AttachedExits,
  type OrderSpec,
  type OrderTerms,
  type TermsChange,
} from "../domain/order/spec.ts";
import type { Execution, Unresolved } from "../domain/order/state.ts";
import {
  ADJUSTMENT_KINDS,
  type Adjustment,
  type CashAdjustment,
} from "../domain/position/state.ts";
import {
  BROKER_CODES,
  ENGINE_CODES,
  RULE_CODES,
  VERDICT_RESULTS,
  type Refusal,
  type RejectCode,
  type RejectedBy,
  type Verdict,
} from "../domain/refusal.ts";
import {
  decimal,
  flag,
  id,
  integer,
  lazy,
  list,
  nullable,
  object,
  optional,
  scalars,
  text,
  word,
  type Reader,
} from "./json-shape.ts";

export const orderId = id<OrderId>();
export const instrumentId = id<InstrumentId>();
export const strategyId = nullable(id<StrategyId>());
export const brokerOrderId = id<BrokerOrderId>();
export const reference = id<BrokerReference>();
export const executionId = id<ExecutionId>();
const side = word(SIDES);
const timeInForce = word(TIMES_IN_FORCE);
const orderType = word(ORDER_TYPES);

export const rejectedBy = word<RejectedBy>(["risk", "broker", "engine"]);
export const rejectCode = word<RejectCode>([...RULE_CODES, ...ENGINE_CODES, ...BROKER_CODES]);

export const refusal = object<Refusal>({
  code: rejectCode,
  by: rejectedBy,
  message: text,
  numbers: scalars,
});

const wholeVerdict = object<Verdict>({
  rule: word(RULE_CODES),
  result: word(VERDICT_RESULTS),
  message: nullable(text),
  numbers: scalars,
  head: nullable(decimal),
});

export const verdict: Reader<Verdict> = (value, name) => {
  const known = typeof value === "string" ? verdictOfWord(value) : undefined;
  return known ?? wholeVerdict(unpackVerdict(value), name);
};

export const usedMark = object<UsedMark>({
  bid: nullable(decimal),
  ask: nullable(decimal),
  last: nullable(decimal),
  ageMs: integer,
});

export const commandOutcome = object<CommandOutcome>({
  result: word(["done", "refused"]),
  code: text,
  message: text,
  orderIds: list(orderId),
});

const exits = object<AttachedExits>({
  takeProfit: nullable(object({ limitPrice: decimal })),
  stopLoss: nullable(object({ stopPrice: decimal, limitPrice: nullable(decimal) })),
  alone: optional<true>((value) => {
    flag(value, "alone");
    return true;
  }),
});

const terms = object<OrderTerms>({
  side,
  type: orderType,
  timeInForce,
  quantity: nullable(decimal),
  notional: nullable(decimal),
  limitPrice: nullable(decimal),
  stopPrice: nullable(decimal),
  trailPrice: nullable(decimal),
  trailPercent: nullable(decimal),
  extendedHours: flag,
  postOnly: flag,
  exits: nullable(exits),
});

export const exitsShape = exits;

export const orderSpec = object<OrderSpec>({
  id: orderId,
  accountId: id<AccountId>(),
  instrumentId,
  strategyId,
  signalId: nullable(id<SignalId>()),
  commandId: nullable(id<CommandId>()),
  parentId: nullable(orderId),
  role: word(ROLES),
  linkGroup: nullable(text),
  reducesPosition: flag,
  waitsFor: list(orderId),
  terms,
  receivedAt: integer,
  validUntil: nullable(integer),
});

export const termsChange = object<TermsChange>({
  quantity: optional(decimal),
  limitPrice: optional(decimal),
  stopPrice: optional(decimal),
  trail: optional(decimal),
  timeInForce: optional(timeInForce),
});

const fill = {
  id: executionId,
  brokerOrderId: nullable(brokerOrderId),
  quantity: decimal,
  price: decimal,
  cumulativeQuantity: nullable(decimal),
  fee: decimal,
  feeInAsset: decimal,
  executedAt: integer,
  source: word<Execution["source"]>(["stream", "activity", "snapshot", "answer"]),
};
export const execution = object<Execution>({ ...fill, orderId });

export const unresolved = object<Unresolved>({
  action: word(["submit", "cancel", "replace"]),
  since: integer,
  cause: text,
  lookups: integer,
});

export const adjustment = object<Adjustment>({
  id: text,
  kind: word(ADJUSTMENT_KINDS),
  instrumentId,
  strategyId,
  quantity: decimal,
  price: nullable(decimal),
  amount: decimal,
  source: text,
  at: integer,
});

export const explains = object<Explains>({ correction: text, quantity: decimal });

export const cashAdjustment = object<CashAdjustment>({
  id: text,
  kind: word(ADJUSTMENT_KINDS),
  amount: decimal,
  source: text,
  at: integer,
});

const BROKER_ORDER_STATUSES = [
  "accepted",
  "held",
  "partially_filled",
  "filled",
  "cancelled",
  "rejected",
  "expired",
  "replaced",
  "unknown",
] as const satisfies readonly BrokerOrderStatus[];

export const snapshot: Reader<BrokerOrderSnapshot> = object<BrokerOrderSnapshot>({
  brokerOrderId,
  reference: nullable(reference),
  symbol: text,
  instrumentId: nullable(instrumentId),
  side: nullable(side),
  type: nullable(orderType),
  timeInForce: nullable(timeInForce),
  quantity: nullable(decimal),
  notional: nullable(decimal),
  limitPrice: nullable(decimal),
  stopPrice: nullable(decimal),
  status: word(BROKER_ORDER_STATUSES),
  filledQuantity: decimal,
  averagePrice: nullable(decimal),
  replacedBy: nullable(brokerOrderId),
  replaces: nullable(brokerOrderId),
  legs: list(lazy(() => snapshot)),
  submittedAt: integer,
  updatedAt: integer,
  message: nullable(text),
});

export const strategyBaseline = object<StrategyBaseline>({
  strategyId: id<StrategyId>(),
  result: nullable(decimal),
});

export const parkedExecution = object<ParkedExecution>({
  brokerOrderId: nullable(brokerOrderId),
  reference: nullable(reference),
  instrumentId: nullable(instrumentId),
  side: nullable(side),
  execution: object<ParkedExecution["execution"]>(fill),
});

export const foreignFill = object<ForeignFill>({
  told: parkedExecution,
  instrumentId,
  theirs: decimal,
  covered: nullable(
    object<NonNullable<ForeignFill["covered"]>>({ price: nullable(decimal), isOthers: flag }),
  ),
});
