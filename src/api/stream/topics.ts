// What the stream is about: every kind of event belongs to one topic, so that readers can choose.
import type { EventType } from "../../domain/event.ts";

export const TOPICS = [
  "signal",
  "command",
  "order",
  "execution",
  "position",
  "portfolio",
  "state",
  "reconciliation",
] as const;
export type Topic = (typeof TOPICS)[number];

/** A new kind of event does not compile until it has its topic. */
export const TOPIC_OF: Readonly<Record<EventType, Topic>> = {
  SignalDecided: "signal",
  CommandDecided: "command",
  OrderPlaced: "order",
  OrderHeld: "order",
  OrderSubmitted: "order",
  OrderAccepted: "order",
  OrderExecuted: "execution",
  OrderCompleted: "order",
  ExecutionBusted: "execution",
  ExecutionCorrected: "execution",
  CancelRequested: "order",
  CancelRefused: "order",
  OrderCancelled: "order",
  ReplaceRequested: "order",
  ReplaceRefused: "order",
  OrderReplaced: "order",
  OrderRejected: "order",
  OrderExpired: "order",
  OrderUnresolved: "order",
  OrderResolved: "order",
  OrderFlagged: "order",
  AccountObserved: "portfolio",
  PositionAdjusted: "position",
  CashAdjusted: "portfolio",
  TradingDayStarted: "state",
  LossLimitCrossed: "state",
  LossLimitReset: "state",
  TradingStateChanged: "state",
  SymbolFrozen: "state",
  SymbolUnfrozen: "state",
  DifferenceFound: "reconciliation",
  DifferenceAccepted: "reconciliation",
  ExternalOrderSeen: "reconciliation",
  ExternalOrderClosed: "reconciliation",
  ExternalOrderIgnored: "reconciliation",
  BrokerFactParked: "reconciliation",
};
