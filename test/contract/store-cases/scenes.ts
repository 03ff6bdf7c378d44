// Small histories of one account, each a list of commits: together they hold every type of event.
import { Decimal } from "../../../src/domain/decimal.ts";
import type { DomainEvent, EventOf } from "../../../src/domain/event.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { CommandId, ExecutionId, StrategyId } from "../../../src/domain/ids.ts";
import type { AdjustmentKind } from "../../../src/domain/position/state.ts";
import type { Verdict } from "../../../src/domain/refusal.ts";
import { foreignFill, takenBack } from "./foreign-fills.ts";
import { snapshotOf, orderOf } from "../../support/orders.ts";
import {
  AAPL,
  accepted,
  brokerIdOf,
  cancelled,
  decided,
  type Desk,
  executed,
  fillOf,
  MORNING,
  orderOfSignal,
  referenceOf,
  sourceId,
} from "./scene.ts";

const D = (text: string) => Decimal.of(text);
const ONE = { quantity: Decimal.ONE };

function observed(equity: string, unexplained?: string): DomainEvent {
  return {
    type: "AccountObserved",
    equity: D(equity),
    cash: D("1000.5"),
    buyingPower: D("2000"),
    nonMarginableBuyingPower: null,
    shortingEnabled: true,
    asOf: MORNING + 1,
    ...(unexplained !== undefined && { unexplainedCash: D(unexplained) }),
  };
}

const DAY: DomainEvent = {
  type: "TradingDayStarted",
  date: "2026-01-05",
  equityBaseline: D("10000"),
  realizedBaseline: D("-1.25"),
  unrealizedBaseline: D("3"),
};

const STRATEGY_BASELINES = [
  { strategyId: asId<StrategyId>("swing"), result: D("-12.5") },
  { strategyId: asId<StrategyId>("other"), result: null },
];

function foreign(n: number) {
  return snapshotOf(orderOf(), { brokerOrderId: brokerIdOf(n), legs: [snapshotOf(orderOf())] });
}

function cash(id: string, kind: AdjustmentKind, amount: string): DomainEvent {
  const adjustment = { id, kind, amount: D(amount), source: "reconciliation", at: MORNING };
  return { type: "CashAdjusted", adjustment };
}

function cashDifference(ours: string, theirs: string): DomainEvent {
  return { type: "DifferenceFound", kind: "cash", subject: "USD", ours, theirs, action: "told" };
}

function settled(kind: "position" | "cash", amount: string): EventOf<"DifferenceAccepted"> {
  const subject = kind === "cash" ? "USD" : AAPL;
  return { type: "DifferenceAccepted", kind, subject, amount: D(amount), reason: "looked at" };
}

/** Of a correction that is shared out. */
function partOf(id: string, strategy: string): EventOf<"PositionAdjusted"> {
  const whole = adjusted(id, "correction");
  const strategyId = asId<StrategyId>(strategy);
  const adjustment = { ...whole.adjustment, id: `${id}@${strategy}`, strategyId };
  return { ...whole, adjustment };
}

function adjusted(id: string, kind: AdjustmentKind, at = MORNING + 2): EventOf<"PositionAdjusted"> {
  return {
    type: "PositionAdjusted",
    adjustment: {
      id,
      kind,
      instrumentId: AAPL,
      strategyId: null,
      quantity: D("2.5"),
      price: kind === "split" || id === "untold" ? null : D("90"),
      amount: D("0"),
      source: id === "untold" ? "reconciliation" : "first contact",
      at,
    },
  };
}

/** A person's correction without a price is no split. */
function byHand(at: number): DomainEvent {
  const event = adjusted("untold", "correction", at);
  if (event.type !== "PositionAdjusted") return event;
  return { ...event, adjustment: { ...event.adjustment, id: "by hand", source: "ada: a gift" } };
}

function unpaid(id: string, amount: string): DomainEvent {
  const of = { id, kind: "cost", instrumentId: AAPL, strategyId: null, source: "ledger" } as const;
  const figures = { quantity: D("0"), price: null, amount: D(amount), at: MORNING + 3 };
  return { type: "PositionAdjusted", adjustment: { ...of, ...figures } };
}

function parkedFill(id: string): DomainEvent {
  const { orderId: _, ...execution } = fillOf(77, id);
  return {
    type: "BrokerFactParked",
    description: "a fill of an order nobody knows",
    raw: '{"order":"\\u001e"}',
    parked: {
      brokerOrderId: brokerIdOf(77),
      reference: null,
      instrumentId: AAPL,
      side: "buy",
      execution,
    },
  };
}

/** A rule that passed without a word, and one that refused with all it can say. */
const SAID: readonly Verdict[] = [
  { rule: "lot_size", result: "pass", message: null, numbers: {}, head: null },
  {
    rule: "max_order_notional",
    result: "refuse",
    message: "too much",
    numbers: { notional: "500.5", limit: "400" },
    head: D("0"),
  },
];

/** Each scene is a list of commits. */
export const SCENES: Readonly<Record<string, (desk: Desk) => readonly (readonly DomainEvent[])[]>> =
  {
    "orders in every state": (desk) => [
      [...desk.placing(1), ...desk.placing(2, { quantity: null, notional: D("150.55") })],
      [...desk.placing(3, { type: "market", limitPrice: null }), accepted(1), accepted(2)],
      [executed(1, "part"), { type: "CancelRequested", orderId: orderOfSignal(2), reason: "why" }],
      [
        {
          type: "ReplaceRequested",
          orderId: orderOfSignal(1),
          generation: 2,
          reference: referenceOf(1, 2),
          change: { limitPrice: D("101.5"), timeInForce: "gtc" },
        },
      ],
      [
        {
          type: "OrderUnresolved",
          orderId: orderOfSignal(3),
          unresolved: { action: "submit", since: MORNING, cause: "timeout", lookups: 2 },
        },
      ],
    ],
    "orders that wait, with legs and exits": (desk) => {
      const exits = {
        takeProfit: { limitPrice: D("120") },
        stopLoss: { stopPrice: D("80"), limitPrice: null },
      };
      const [decision, placed] = desk.placing(1, { exits });
      const leg = desk.placing(2, { side: "sell" }, { parentId: orderOfSignal(1), linkGroup: "g" });
      return [
        [decision, placed, leg[1]].filter((event) => event !== undefined),
        [{ type: "OrderHeld", orderId: orderOfSignal(1), reason: "market_closed", until: MORNING }],
        [{ type: "OrderHeld", orderId: orderOfSignal(1), reason: "rate_budget", until: null }],
      ];
    },
    "fills that are taken back and corrected": (desk) => [
      [...desk.placing(1), accepted(1), executed(1, "one"), executed(1, "two")],
      [
        {
          type: "ExecutionBusted",
          orderId: orderOfSignal(1),
          executionId: asId<ExecutionId>("one"),
        },
      ],
      [
        {
          type: "ExecutionCorrected",
          orderId: orderOfSignal(1),
          executionId: asId<ExecutionId>("two"),
          by: fillOf(1, "three", { price: D("98") }),
        },
      ],
      [{ type: "ExecutionBusted", orderId: orderOfSignal(1), executionId: asId<ExecutionId>("x") }],
      [executed(1, "x")],
    ],
    "a fill that is corrected under its own id in the same commit": (desk) => [
      [
        ...desk.placing(1),
        accepted(1),
        executed(1, "one"),
        {
          type: "ExecutionCorrected",
          orderId: orderOfSignal(1),
          executionId: asId<ExecutionId>("one"),
          by: fillOf(1, "one", { quantity: D("3") }),
        },
      ],
    ],
    "a fill that is taken back, and counts again by a correction under its own id": (desk) => [
      [...desk.placing(1), accepted(1), executed(1, "one")],
      [
        { type: "ExecutionBusted", orderId: orderOfSignal(1), executionId: asId("one") },
        {
          type: "ExecutionCorrected",
          orderId: orderOfSignal(1),
          executionId: asId("one"),
          by: fillOf(1, "one", { quantity: D("3") }),
        },
      ],
    ],
    "a cancelled order that fills late": (desk) => [
      [...desk.placing(1), accepted(1), cancelled(1)],
      [
        executed(1, "late"),
        { type: "OrderFlagged", orderId: orderOfSignal(1), flag: "fill_after_close", detail: "" },
      ],
    ],
    "positions of strategies": (desk) => {
      const strategyId = asId<StrategyId>('a "strategy", with (signs)');
      return [
        [...desk.placing(1, {}, { strategyId }), accepted(1), executed(1, "one")],
        [
          ...desk.placing(2, { side: "sell" }),
          accepted(2),
          executed(2, "two", { quantity: D("9") }),
        ],
      ];
    },
    "the account, its day and its limits": (desk) => [
      [observed("10000"), DAY],
      [...desk.placing(1), accepted(1)],
      [observed("9000.125"), ...desk.placing(2)],
      [
        {
          type: "LossLimitCrossed",
          limit: "max_daily_loss_usd",
          loss: D("600"),
          allowed: D("500"),
        },
      ],
      [
        {
          type: "LossLimitReset",
          reason: "seen",
          realizedBaseline: D("-5"),
          unrealizedBaseline: D("0"),
        },
      ],
      [{ ...DAY, date: "2026-01-06", equityBaseline: null }, ...desk.placing(3)],
      [{ ...DAY, date: "2026-01-07", strategyBaselines: STRATEGY_BASELINES }],
      [
        {
          type: "LossLimitReset",
          reason: "seen by a release that knew nothing of strategies",
          realizedBaseline: D("-6"),
          unrealizedBaseline: D("0"),
        },
      ],
    ],
    "cash beside positions": (desk) => [
      [cash("opening cash", "opening_balance", "100000.25")],
      [cash("fee-1", "fee", "-0.02"), cash("wire-1", "transfer", "500")],
      [cashDifference("100500.23", "100499.23"), ...desk.placing(1)],
      [cashDifference("100500.23", "100500.23"), cash("fee-2", "fee", "-0.01")],
    ],
    "differences that a person accepted": (desk) => [
      [cash("opening cash", "opening_balance", "100000.25")],
      [cashDifference("100000.25", "99990"), settled("cash", "-10.25")],
      [settled("position", "3"), ...desk.placing(1)],
      [settled("position", "0")],
      [settled("position", "-2.5")],
      [cashDifference("100000.25", "99980.25"), settled("cash", "-20")],
    ],
    "frozen symbols and foreign orders": (desk) => [
      [{ type: "SymbolFrozen", instrumentId: AAPL, reason: "unresolved" }],
      [
        { type: "ExternalOrderSeen", snapshot: foreign(50) },
        { type: "ExternalOrderSeen", snapshot: foreign(51) },
      ],
      [{ type: "ExternalOrderIgnored", brokerOrderId: brokerIdOf(50) }],
      [
        { type: "ExternalOrderSeen", snapshot: foreign(50) },
        { type: "ExternalOrderClosed", brokerOrderId: brokerIdOf(51) },
      ],
      [
        { type: "SymbolUnfrozen", instrumentId: AAPL, reason: "settled" },
        { type: "SymbolFrozen", instrumentId: AAPL, reason: "again" },
      ],
      [
        { type: "ExternalOrderClosed", brokerOrderId: brokerIdOf(50) },
        { type: "ExternalOrderSeen", snapshot: foreign(50) },
      ],
      [
        { type: "ExternalOrderSeen", snapshot: foreign(52) },
        { type: "ExternalOrderClosed", brokerOrderId: brokerIdOf(52) },
      ],
      [...desk.placing(1)],
    ],
    "facts that wait for their order": (desk) => [
      [parkedFill("early"), parkedFill("never"), parkedFill("covered")],
      [...desk.placing(1), accepted(1), executed(1, "early")],
      [adjusted("opening", "opening_balance")],
      [
        {
          type: "DifferenceFound",
          kind: "position",
          subject: AAPL,
          ours: "2.5",
          theirs: "4",
          action: "looked again",
        },
      ],
    ],
    "a correction that settles what was suspected": () => [
      [parkedFill("covered"), adjusted("opening", "opening_balance")],
      [
        {
          type: "DifferenceFound",
          kind: "position",
          subject: AAPL,
          ours: "2.5",
          theirs: "5",
          action: "looked again",
        },
      ],
      [{ ...adjusted("fix", "correction") }],
    ],
    "a correction that turns out not to have been paid": () => [
      [adjusted("fix", "correction")],
      [unpaid("fix:cost", "225")],
    ],
    "corrections that are explained later": () => [
      [adjusted("opening", "opening_balance")],
      [partOf("fix", "a"), partOf("fix", "b"), adjusted("fix", "correction")],
      [{ ...settled("position", "3"), unexplained: D("3") }],
      [{ ...settled("position", "5"), since: MORNING }],
      [{ ...adjusted("told", "transfer"), explains: { correction: "fix", quantity: D("2.5") } }],
    ],
    "fills since the cash agreed": (desk) => [
      [observed("1", "0.004"), ...desk.placing(1), accepted(1), executed(1, "a", ONE)],
      [executed(1, "b", ONE), observed("2", "0.03")],
      [observed("3"), executed(1, "c", ONE)],
      [observed("4", "0.01")],
      [...desk.placing(2), accepted(2), executed(2, "d", ONE), settled("position", "3")],
      [cashDifference("1", "1.5"), settled("cash", "0.5"), observed("5", "0.004")],
      [executed(2, "e", ONE), observed("6", "0")],
      [{ ...adjusted("taken", "adopted") }],
      [observed("7", "0.505"), executed(2, "f", ONE)],
    ],
    "fills of others, of which one is ours after all": () => [
      [foreignFill("one", "X"), foreignFill("two", "X"), foreignFill("three", "Y")],
      [takenBack("one")],
      [foreignFill("four", "Z"), takenBack("three")],
    ],
    "splits, of which the latest counts": () => [
      [adjusted("opening", "opening_balance"), adjusted("two", "split", MORNING + 7)],
      [adjusted("one", "split", MORNING + 5)],
      [adjusted("fix", "correction", MORNING + 8)],
      [adjusted("untold", "correction", MORNING + 9)],
      [byHand(MORNING + 10)],
    ],
    "answers and endings of every kind": (desk) => {
      const orderId = (n: number) => ({ orderId: orderOfSignal(n) });
      const change = { quantity: D("8"), trail: D("0.5") };
      const replacement = { generation: 2, reference: referenceOf(1, 2), change };
      return [
        [1, 2, 3, 4].flatMap((n) => [...desk.placing(n), accepted(n)]),
        [
          {
            type: "ReplaceRequested",
            ...orderId(1),
            ...replacement,
            reference: referenceOf(1, 9),
          },
          { type: "ReplaceRefused", ...orderId(1), message: "too late" },
          { type: "ReplaceRequested", ...orderId(1), ...replacement, verdicts: SAID },
          {
            type: "OrderReplaced",
            ...orderId(1),
            ...replacement,
            brokerOrderId: brokerIdOf(10),
          },
          // Of the order before, so that it changes nothing: what is shown is in no table.
          {
            type: "ReplacementShown",
            ...orderId(1),
            brokerOrderId: brokerIdOf(1),
            quantity: D("8"),
            filledQuantity: D("0"),
            counting: "rest",
          },
          { type: "CancelRequested", ...orderId(2), reason: "why not" },
          { type: "CancelRefused", ...orderId(2), message: "no" },
          {
            type: "OrderUnresolved",
            ...orderId(2),
            unresolved: { action: "cancel", since: MORNING, cause: "reset", lookups: 0 },
          },
          { type: "OrderResolved", ...orderId(2), how: "it was found" },
        ],
        [
          {
            type: "OrderRejected",
            ...orderId(2),
            by: "broker",
            code: "broker_rejected",
            message: "x",
            verdicts: SAID,
          },
          { type: "OrderExpired", ...orderId(3), by: "broker" },
          executed(4, "whole"),
          { type: "OrderCompleted", ...orderId(4) },
          { type: "TradingStateChanged", state: "reducing", strategyId: null, reason: "careful" },
        ],
      ];
    },
    "requests decided ahead, and by command": (desk) => [
      [
        {
          type: "CommandDecided",
          commandId: asId<CommandId>(sourceId(900)),
          number: 1,
          outcome: { result: "done", code: "taken_back", message: "", orderIds: [] },
          verdicts: SAID,
        },
        decided(3, []),
      ],
      [decided(1, []), ...desk.placing(4)],
    ],
  };
