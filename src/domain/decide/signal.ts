// What becomes of a signal: refused with its reason, held, or turned into orders that leave at once.
import type { Book, Context, Decision } from "../book.ts";
import type { OrderId } from "../ids.ts";
import type { Instrument } from "../instrument.ts";
import { deriveOrderId } from "../order/derive.ts";
import type { OrderSpec } from "../order/spec.ts";
import type { EngineCode, Refusal } from "../refusal.ts";
import type { RiskAnswer } from "../risk/candidate.ts";
import { worstOf } from "../risk/worst.ts";
import type { Signal } from "../signal.ts";
import { cancelOrder } from "./cancel.ts";
import { isSignalDecided } from "./decided.ts";
import { Draft, NOTHING } from "./draft.ts";
import { judge } from "./judge.ts";
import { crossLossLimit } from "./loss.ts";
import { planOf } from "./plan.ts";
import type { Plan, PlannedOrder } from "./plan.ts";
import { limitsFor, placeOrHold, waitingOf } from "./send.ts";
import { decideUnknownAccount } from "./unknown-account.ts";

type Said = Pick<RiskAnswer, "verdicts" | "mark">;
type Outcome = "ordered" | "held" | "rejected" | "nothing_to_do";

export function decideSignal(book: Book, signal: Signal, context: Context): Decision {
  if (isSignalDecided(book, signal.number)) return NOTHING;
  const accountBook = book.accounts.get(signal.accountId);
  if (accountBook === undefined) return decideUnknownAccount(context, { kind: "signal", signal });

  const draft = new Draft(book, accountBook, context, {
    actor: signal.actor,
    correlationId: signal.id,
    causationId: signal.id,
    traceParent: signal.traceParent,
  });
  const instrument = context.instrument(signal.instrumentId);
  const refusal = refusalBeforeRisk(draft, signal, instrument);
  if (refusal !== null || instrument === undefined) {
    recordOutcome(draft, signal, { outcome: "rejected", refusal, answer: null, orderIds: [] });
    return draft.decision();
  }
  decidePlan(draft, signal, { instrument, plan: planOf(draft, signal) });
  return draft.decision();
}

function engineRefusal(code: EngineCode, message: string): Refusal {
  return { code, by: "engine", message, numbers: {} };
}

function refusalBeforeRisk(
  draft: Draft,
  signal: Signal,
  instrument: Instrument | undefined,
): Refusal | null {
  if (instrument === undefined) {
    const message = `${signal.instrumentId} is not an instrument that this account can trade.`;
    return { code: "instrument_not_tradable", by: "engine", message, numbers: {} };
  }
  const { validUntil } = signal;
  if (validUntil !== null && draft.now > validUntil) {
    const late = draft.now - validUntil;
    return engineRefusal("valid_until_passed", `The signal's validity ended ${late} ms ago.`);
  }
  if (!draft.brokerUp && limitsFor(draft, signal).on_broker_down === "reject") {
    const name = draft.traits.name;
    return engineRefusal("broker_down", `${name} cannot be reached, and on_broker_down = reject.`);
  }
  if (signal.wish.terms.exits !== null && !draft.traits.makesExitLegs) {
    const message = `${draft.traits.name} makes no exits that travel with an entry.`;
    return engineRefusal("unsupported_by_broker", message);
  }
  return null;
}

interface Planned {
  readonly instrument: Instrument;
  readonly plan: Plan;
}

function decidePlan(draft: Draft, signal: Signal, { instrument, plan }: Planned): void {
  if (plan.orders.length === 0) {
    const message = "The position is already what the signal asks for.";
    const refusal = engineRefusal("nothing_to_do", message);
    recordOutcome(draft, signal, {
      outcome: "nothing_to_do",
      refusal,
      answer: null,
      orderIds: [],
    });
    cancelAll(draft, signal, plan);
    return;
  }
  const answers = judgeAll(draft, signal, { instrument, plan });
  const [first, ...others] = answers;
  if (first === undefined) return;
  const whole = worstOf(first, others);
  const { refusal } = whole;
  if (refusal === null) {
    placeAll(draft, signal, { plan, answers, whole });
    return;
  }
  recordOutcome(draft, signal, { outcome: "rejected", refusal, answer: whole, orderIds: [] });
  crossLossLimit(draft, refusal);
}

/** The whole is checked before its parts: what passes in halves only is refused all the same. */
function judgeAll(draft: Draft, signal: Signal, planned: Planned): readonly RiskAnswer[] {
  const { instrument, plan } = planned;
  const waitsFor = plan.cancels.map(({ id }) => id);
  const termsOf = (orders: readonly PlannedOrder[]) => orders.map(({ terms }) => terms);
  return plan.orders.map(({ terms }, index) =>
    judge(draft, {
      instrument,
      strategyId: signal.strategyId,
      terms,
      siblings: termsOf(plan.orders.slice(index + 1)),
      preceding: termsOf(plan.orders.slice(0, index)),
      waitsFor,
      receivedAt: signal.receivedAt,
      validUntil: signal.validUntil,
      onMarketClosed: signal.onMarketClosed,
    }),
  );
}

interface Judged {
  readonly plan: Plan;
  readonly answers: readonly RiskAnswer[];
  /** All of them as one. */
  readonly whole: Said;
}

function placeAll(draft: Draft, signal: Signal, { plan, answers, whole }: Judged): void {
  const cancelled = plan.cancels.map(({ id }) => id);
  const specs = plan.orders.map((order, index) =>
    specOf(signal, order, {
      index,
      cancelled,
      reducesPosition: answers[index]?.reducesPosition ?? false,
    }),
  );
  const [spec] = specs;
  const [answer] = answers;
  if (spec === undefined || answer === undefined) return;
  // Cancels come first: an order that was only held is gone at once, and nothing waits for it.
  cancelAll(draft, signal, plan);
  recordOutcome(draft, signal, {
    outcome: waitingOf(draft, spec, answer) === null ? "ordered" : "held",
    refusal: null,
    answer: whole,
    orderIds: specs.map(({ id }) => id),
  });
  specs.forEach((each, index) => {
    placeOrHold(draft, each, answers[index] ?? answer);
  });
}

function cancelAll(draft: Draft, { wish }: Signal, plan: Plan): void {
  const newer = wish.kind === "position" ? "a newer target position" : "a trade through zero";
  for (const order of plan.cancels) cancelOrder(draft, order.id, `gives way to ${newer}`);
}

function specOf(
  signal: Signal,
  planned: PlannedOrder,
  place: {
    readonly index: number;
    readonly cancelled: readonly OrderId[];
    readonly reducesPosition: boolean;
  },
): OrderSpec {
  const { index, cancelled, reducesPosition } = place;
  const previous = planned.waitsForPrevious ? [deriveOrderId(signal.id, index)] : [];
  const id = deriveOrderId(signal.id, index + 1);
  return {
    id,
    accountId: signal.accountId,
    instrumentId: signal.instrumentId,
    strategyId: signal.strategyId,
    signalId: signal.id,
    commandId: null,
    parentId: null,
    role: planned.role,
    // An exit that brings its own counterpart counts once, together with it.
    linkGroup: planned.terms.exits?.alone === true ? id : null,
    reducesPosition,
    waitsFor: [...cancelled, ...previous],
    terms: planned.terms,
    receivedAt: signal.receivedAt,
    validUntil: signal.validUntil,
  };
}

function recordOutcome(
  draft: Draft,
  signal: Signal,
  said: {
    readonly outcome: Outcome;
    readonly refusal: Refusal | null;
    readonly answer: Said | null;
    readonly orderIds: readonly OrderId[];
  },
): void {
  draft.record({
    type: "SignalDecided",
    signalId: signal.id,
    number: signal.number,
    instrumentId: signal.instrumentId,
    strategyId: signal.strategyId,
    outcome: said.outcome,
    refusal: said.refusal,
    verdicts: said.answer?.verdicts ?? [],
    mark: said.answer?.mark ?? null,
    limitsVersion: draft.context.limits.version,
    orderIds: said.orderIds,
  });
}
