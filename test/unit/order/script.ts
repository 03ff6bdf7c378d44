// Lifecycles as scripts: one step a line, in the words of the broker and of the desk, and at the end the
// order in one line. The steps go through the real deciders; the clock moves one second a step.
//
//   submit · held 2 · want cancel · want replace qty 20 · want expire
//   ack · fill 4@10 · fill 4@10 as X cum 8 on B2 · cancelled · expired · rejected · replaced B2
//   ack nameless (without the broker's id)
//   cancel refused · replace refused · bust X · correct X to 3@9 as Y · seen filled 10
//   answer accepted|rejected|duplicate|429|not sent|unresolved · cancel answer … · replace answer …
//   found accepted 0 · not found · unavailable · too many · wait 20
import type { BrokerOrderStatus, BrokerReport, CallOutcome } from "../../../src/domain/broker.ts";
import type { BrokerTraits } from "../../../src/domain/broker.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import type { BrokerReference } from "../../../src/domain/ids.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { OrderAnswer } from "../../../src/domain/order/answer.ts";
import { decideCancel, decideExpire, decideReplace } from "../../../src/domain/order/decide.ts";
import type { OrderDecision } from "../../../src/domain/order/decide.ts";
import { evolve } from "../../../src/domain/order/evolve.ts";
import { factsFromOutcome } from "../../../src/domain/order/outcome.ts";
import { factsFromReport } from "../../../src/domain/order/report.ts";
import type { OrderTerms, TermsChange } from "../../../src/domain/order/spec.ts";
import type { Execution, OrderState } from "../../../src/domain/order/state.ts";
import type { OrderEvent } from "../../../src/domain/order/status.ts";
import {
  brokerId,
  executionId,
  executionOf,
  headOf,
  orderOf,
  referenceOf,
  snapshotOf,
  TRAITS,
} from "../../support/orders.ts";

const SOURCES = ["activity", "snapshot"] as const;

export interface Lifecycle {
  readonly rule: string;
  readonly steps: string;
  /** The order afterwards, as `summary` writes it. */
  readonly ends: string;
  readonly terms?: Partial<OrderTerms>;
  readonly validUntil?: number;
  readonly traits?: Partial<BrokerTraits>;
  readonly mayResend?: boolean;
}

const SECOND = 1_000;

interface Stage {
  state: OrderState;
  now: number;
  /** What the last step added. */
  added: readonly OrderEvent[];
  answer: OrderAnswer | null;
  refusal: string | null;
  fills: number;
  readonly events: OrderEvent[];
}

export function play(lifecycle: Lifecycle): { summary: string; stage: Stage } {
  const stage: Stage = {
    state: orderOf(lifecycle.terms, { validUntil: lifecycle.validUntil ?? null }),
    now: 2 * SECOND,
    added: [],
    answer: null,
    refusal: null,
    fills: 0,
    events: [],
  };
  for (const line of lifecycle.steps.split("\n")) {
    const step = line.trim();
    if (step === "") continue;
    stage.now += SECOND;
    stage.answer = null;
    stage.refusal = null;
    stage.added = [];
    act(stage, step, lifecycle);
  }
  return { summary: summaryOf(stage), stage };
}

function act(stage: Stage, step: string, lifecycle: Lifecycle): void {
  const traits = { ...TRAITS, ...lifecycle.traits };
  const [verb = "", ...rest] = step.split(" ");
  if (verb === "wait") {
    stage.now += Number(rest[0]) * SECOND;
  } else if (verb === "submit" || verb === "held") {
    record(stage, [verb === "submit" ? submitted(stage) : held(rest)]);
  } else if (verb === "want") {
    decide(stage, rest, traits);
  } else if (OUTCOME.test(step)) {
    const context = { traits, now: stage.now, mayResend: lifecycle.mayResend ?? true };
    take(stage, factsFromOutcome(stage.state, outcomeOf(stage.state, step), context));
  } else {
    take(stage, factsFromReport(stage.state, reportOf(stage, step), stage.now));
  }
}

function record(stage: Stage, events: readonly OrderEvent[]): void {
  stage.added = events;
  stage.events.push(...events);
  for (const event of events) stage.state = evolve(stage.state, event, stage.now);
}

function take(stage: Stage, answer: OrderAnswer): void {
  stage.answer = answer;
  record(stage, answer.events);
}

function submitted({ state }: Stage): OrderEvent {
  const generation = Math.max(1, state.generation);
  const reference = state.reference ?? referenceOf(generation);
  return {
    type: "OrderSubmitted",
    orderId: state.id,
    generation,
    reference,
    verdicts: null,
    mark: null,
  };
}

function held([seconds]: readonly string[]): OrderEvent {
  const until = seconds === undefined ? null : Number(seconds) * SECOND;
  return { type: "OrderHeld", orderId: orderOf().id, reason: "market_closed", until };
}

function decide(stage: Stage, words: readonly string[], traits: BrokerTraits): void {
  const decision = decisionOf(stage, words, traits);
  if (decision === null) return;
  if (decision.ok) record(stage, decision.events);
  else stage.refusal = decision.code;
}

function decisionOf(
  { state, now }: Stage,
  words: readonly string[],
  traits: BrokerTraits,
): OrderDecision | null {
  if (words[0] === "cancel") return decideCancel(state, "somebody asked");
  if (words[0] === "expire") return decideExpire(state, now);
  return decideReplace(state, changeOf(words.slice(1)), { traits, referenceOf });
}

/** `qty 20 limit 9 stop 8 trail 1 gtc` */
function changeOf(words: readonly string[]): TermsChange {
  const value = (name: string): Decimal | undefined => {
    const at = words.indexOf(name);
    return at < 0 ? undefined : Decimal.of(words[at + 1] ?? "");
  };
  const [quantity, limitPrice, stopPrice, trail] = ["qty", "limit", "stop", "trail"].map(value);
  return {
    ...(quantity && { quantity }),
    ...(limitPrice && { limitPrice }),
    ...(stopPrice && { stopPrice }),
    ...(trail && { trail }),
    ...(words.includes("gtc") && { timeInForce: "gtc" as const }),
  };
}

const OUTCOME = /^((cancel |replace )?answer|found|not found|unavailable|too many)\b/;
const CAUSE = { cause: "it went wrong", alarm: false } as const;

function outcomeOf(state: OrderState, step: string): CallOutcome {
  const orderId = state.id;
  const { generation } = state;
  if (step === "not found") return { kind: "lookup", orderId, outcome: { result: "not_found" } };
  if (step === "unavailable") {
    return { kind: "lookup", orderId, outcome: { result: "unavailable", cause: "down" } };
  }
  if (step === "too many") {
    const outcome = { result: "rate_limited", retryAt: 60 * SECOND } as const;
    return { kind: "lookup", orderId, outcome };
  }
  if (step.startsWith("found")) {
    const snapshot = shown(state, step.split(" ").slice(1));
    return { kind: "lookup", orderId, outcome: { result: "found", snapshot } };
  }
  const word = step.slice(step.indexOf("answer") + 7);
  const common =
    word === "429"
      ? ({ result: "rate_limited", retryAt: 60 * SECOND } as const)
      : word === "not sent"
        ? ({ result: "not_sent", cause: "no connection" } as const)
        : ({ result: "unresolved", ...CAUSE } as const);
  const isCommon = ["429", "not sent", "unresolved"].includes(word);
  if (step.startsWith("cancel")) {
    if (word === "not found") return { kind: "cancel", orderId, outcome: { result: "not_found" } };
    const refused = { result: "refused", message: "no" } as const;
    const own = word === "requested" ? ({ result: "requested" } as const) : refused;
    return { kind: "cancel", orderId, outcome: isCommon ? common : own };
  }
  if (step.startsWith("replace")) {
    const requested = {
      result: "requested",
      snapshot: shown(state, ["accepted", "0", ...word.split(" ").slice(1)]),
    } as const;
    const refused = { result: "refused", message: "no" } as const;
    const own = word.startsWith("requested") ? requested : refused;
    const asked = state.pendingReplace?.generation ?? generation;
    return { kind: "replace", orderId, generation: asked, outcome: isCommon ? common : own };
  }
  if (isCommon) return { kind: "submit", orderId, generation, outcome: common };
  if (word === "duplicate") {
    return { kind: "submit", orderId, generation, outcome: { result: "duplicate" } };
  }
  if (word === "rejected") {
    const outcome = {
      result: "rejected",
      code: "403",
      message: "insufficient buying power",
    } as const;
    return { kind: "submit", orderId, generation, outcome };
  }
  const snapshot = shown(state, word.split(" "));
  return { kind: "submit", orderId, generation, outcome: { result: "accepted", snapshot } };
}

/** `filled 10 on B2 ref-2 side sell qty 7 by B3` */
function shown(state: OrderState, words: readonly string[]) {
  const [status = "accepted", filled = "0"] = words;
  const after = (name: string): string | undefined => words[words.indexOf(name) + 1];
  const has = (name: string): boolean => words.includes(name);
  const quantity = has("qty") ? Decimal.of(after("qty") ?? "") : state.terms.quantity;
  return snapshotOf(state, {
    status: status as BrokerOrderStatus, // the scripts' own words, checked by reading them
    filledQuantity: Decimal.of(filled),
    quantity,
    ...(has("on") && { brokerOrderId: brokerId(after("on") ?? "") }),
    ...(has("ref-2") && { reference: referenceOf(2) }),
    ...(has("theirs") && { reference: asId<BrokerReference>("theirs") }),
    ...(has("by") && { replacedBy: brokerId(after("by") ?? "") }),
    ...(has("side") && { side: "sell" as const }),
  });
}

function reportOf(stage: Stage, step: string): BrokerReport {
  const { state } = stage;
  const words = step.split(" ");
  const [verb] = words;
  const after = (name: string): string | undefined => {
    const at = words.indexOf(name);
    return at < 0 ? undefined : words[at + 1];
  };
  const on = after("on") ?? state.brokerOrderId ?? "B1";
  const theirs = verb === "seen" && words.includes("theirs") ? "theirs" : state.reference;
  const named = headOf(on, words.includes("ref-2") ? "ref-2" : theirs);
  const head = words.includes("nameless") ? { ...named, brokerOrderId: null } : named;
  if (step.startsWith("cancel refused")) return { ...head, kind: "cancel_refused", message: "no" };
  if (step.startsWith("replace refused"))
    return { ...head, kind: "replace_refused", message: "no" };
  switch (verb) {
    case "ack":
      return { ...head, kind: "accepted" };
    case "fill":
      return { ...head, kind: "executed", execution: filled(stage, words, on) };
    case "cancelled":
      return { ...head, kind: "cancelled" };
    case "expired":
      return { ...head, kind: "expired" };
    case "rejected":
      return { ...head, kind: "rejected", code: "403", message: "not allowed" };
    case "replaced": {
      const newReference = words.includes("theirs") ? asId<BrokerReference>("theirs") : null;
      return {
        ...head,
        kind: "replaced",
        newBrokerOrderId: brokerId(words[1] ?? ""),
        newReference,
      };
    }
    case "bust":
      return { ...head, kind: "busted", executionId: executionId(words[1] ?? "") };
    case "correct": {
      const by = filled(stage, ["fill", after("to") ?? "", ...words.slice(4)], on);
      return { ...head, kind: "corrected", executionId: executionId(words[1] ?? ""), by };
    }
    case "seen": {
      const snapshot = shown(state, words.slice(1));
      const { brokerOrderId, reference } = snapshot;
      return { ...head, brokerOrderId, reference, kind: "seen", snapshot };
    }
    default:
      throw new Error(`no such step: ${step}`);
  }
}

/** `fill 4@10 as X cum 8 at 5`: ids count up from e1, cumulative quantities add up, unless given. */
function filled(stage: Stage, words: readonly string[], on: string): Execution {
  const after = (name: string): string | undefined => {
    const at = words.indexOf(name);
    return at < 0 ? undefined : words[at + 1];
  };
  const [quantity = "", price = ""] = (words[1] ?? "").split("@");
  stage.fills += 1;
  const onSame = stage.state.executions.filter((each) => each.brokerOrderId === on);
  const sum = Decimal.sum(onSame.map((each) => each.quantity)).plus(Decimal.of(quantity));
  const cumulative = words.includes("uncounted") ? null : (after("cum") ?? sum.toString());
  const at = after("at");
  return executionOf({
    id: after("as") ?? `e${stage.fills}`,
    quantity,
    price,
    cumulative,
    brokerOrderId: on,
    at: at === undefined ? stage.now : Number(at) * SECOND,
    source: SOURCES.find((source) => words.includes(source)) ?? "stream",
  });
}

/** `partially_filled 4/10 @10 cancel? flag:overfill wish:lookup` */
function summaryOf(stage: Stage): string {
  const { state, answer } = stage;
  const size = state.terms.quantity ?? `$${state.terms.notional}`;
  return [
    `${state.status} ${state.filledQuantity}/${size}`,
    state.pendingAction === null ? null : `${state.pendingAction}?`,
    state.unresolved === null ? null : `unresolved:${state.unresolved.action}`,
    state.hold === null ? null : `hold:${state.hold.reason}`,
    state.rejectCode === null ? null : `code:${state.rejectCode}`,
    state.brokerOrderChain.length === 0 ? null : `now:${state.brokerOrderId}`,
    ...state.flags.map((flag) => `flag:${flag}`),
    ...(answer?.wishes ?? []).map(({ kind }) => `wish:${kind}`),
    ...(answer?.alarms ?? []).map(({ code }) => `alarm:${code}`),
    answer?.missingExecutions === true ? "asks:executions" : null,
    stage.refusal === null ? null : `refused:${stage.refusal}`,
    stage.added.length === 0 && stage.refusal === null ? "silent" : null,
  ]
    .filter((part) => part !== null)
    .join(" ");
}
