// Sends what committed events asked for to one broker account, and hands every answer back as an input.
// Three rules of order: sends for one instrument leave one after the other, each after the answer to
// the one before; instruments run side by side; cancels and lookups overtake everything that waits. A
// send without an answer gives those behind it back, and holds up what comes until it was decided what
// becomes of it.
// Nothing leaves when the lease might end before the call does.
import type { BrokerCall, CallOutcome } from "../domain/broker.ts";
import type { BrokerOrderId, InstrumentId, OrderId } from "../domain/ids.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { BrokerAccountPort } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { Span, SpanEnd, Tracer } from "../ports/tracing.ts";
import { callBroker, isAnswer, notSent } from "./broker-call.ts";
import type { Circuit } from "./circuit.ts";
import type { RateBudget } from "./rate-budget.ts";

/** A call that could not be given this long is not begun. */
const SHORTEST_CALL_MS = 500;
/** Kept between the end of a call and the end of the lease, for clocks that drift. */
const LEASE_MARGIN_MS = 250;
const NO_ANSWER_BEFORE = "the send before it has no answer";

export interface CallTiming {
  readonly result: string;
  readonly elapsedMs: number;
  readonly traceParent: string | null;
}

export interface GatewayOptions {
  readonly port: BrokerAccountPort;
  readonly clock: Clock;
  readonly budget: RateBudget;
  readonly circuit: Circuit;
  readonly callTimeoutMs: number;
  readonly maxConcurrent: number;
  instrument(id: InstrumentId): Instrument | undefined;
  leaseRemainingMs(): number;
  onOutcome(outcome: CallOutcome): void;
  readonly tracer: Tracer | null;
  onTiming(call: BrokerCall, timing: CallTiming): void;
  /** The broker became reachable or stopped being so, or budget came back. */
  onChange(): void;
}

interface Job {
  readonly call: BrokerCall;
  readonly traceParent: string | null;
}

export class BrokerGateway {
  readonly #options: GatewayOptions;
  readonly #urgent: Job[] = [];
  /** Waiting sends by instrument; an instrument with a send under way is in `#busy`. */
  readonly #sends = new Map<InstrumentId, Job[]>();
  readonly #busy = new Set<InstrumentId>();
  /** Sends without an answer, by instrument, of which the core has not heard yet: none overtakes them. */
  readonly #returned = new Map<InstrumentId, Set<OrderId>>();
  readonly #asking = new Set<OrderId>();
  /** Of cancels that have not left yet. */
  readonly #cancelling = new Set<BrokerOrderId>();
  /** Sends that are here: waiting, or under way. The broker cannot know of them yet. */
  readonly #sending = new Set<OrderId>();
  readonly #aborts = new Set<AbortController>();
  #running = 0;
  #cancelRetry: (() => void) | null = null;
  #stopped = false;

  constructor(options: GatewayOptions) {
    this.#options = options;
  }

  dispatch(call: BrokerCall, traceParent: string | null): void {
    if (this.#stopped) return;
    const job = { call, traceParent };
    if (call.kind === "cancel") this.#queueCancel(job, call.brokerOrderId);
    else if (call.kind === "lookup") this.#queueLookup(job);
    else this.#queueSend(job);
    this.#pump();
  }

  /** The outcome is committed: what comes from now on was decided with it in mind. */
  heard({ kind, orderId }: CallOutcome): void {
    if (kind !== "submit" && kind !== "replace") return;
    for (const [instrumentId, orders] of this.#returned) {
      if (orders.delete(orderId) && orders.size === 0) this.#returned.delete(instrumentId);
    }
  }

  /** What has not left is decided again: what may be sent has changed. */
  recall(): void {
    const why = "it was called back before it left";
    for (const instrumentId of [...this.#sends.keys()]) this.#giveBackWaiting(instrumentId, why);
  }

  get inFlight(): number {
    return this.#running;
  }

  get waiting(): number {
    let count = this.#urgent.length;
    for (const jobs of this.#sends.values()) count += jobs.length;
    return count;
  }

  abort(): void {
    this.#stopped = true;
    this.#cancelRetry?.();
    for (const controller of this.#aborts) controller.abort();
  }

  /**
   * Asked for again while it waits for its request it is one cancel still: each repeat would take a request
   * of its own when the order is long gone, from the exits and the lookups behind them.
   */
  #queueCancel(job: Job, brokerOrderId: BrokerOrderId): void {
    if (this.#cancelling.has(brokerOrderId)) return;
    this.#cancelling.add(brokerOrderId);
    this.#urgent.unshift(job);
  }

  /**
   * One question about an order at a time answers all who asked. Of what has not left from here nobody is
   * asked: that the broker does not know it would look as if it had been lost on the way.
   */
  #queueLookup(job: Job): void {
    if (this.#asking.has(job.call.orderId) || this.#sending.has(job.call.orderId)) return;
    this.#asking.add(job.call.orderId);
    this.#urgent.push(job);
  }

  #queueSend(job: Job): void {
    if (this.#returned.has(job.call.instrumentId)) {
      this.#giveBack(job.call);
      return;
    }
    this.#sending.add(job.call.orderId);
    const jobs = this.#sends.get(job.call.instrumentId);
    if (jobs === undefined) this.#sends.set(job.call.instrumentId, [job]);
    else jobs.push(job);
  }

  #pump(): void {
    while (!this.#stopped && this.#running < this.#options.maxConcurrent) {
      const job = this.#nextUrgent() ?? this.#nextSend();
      if (job === null) return;
      void this.#run(job);
    }
  }

  #nextUrgent(): Job | null {
    const [first] = this.#urgent;
    if (first === undefined) return null;
    const { budget, clock } = this.#options;
    const now = clock.now();
    // Cancels stand in front of all lookups.
    const isLookup = first.call.kind === "lookup";
    const waitMs = isLookup ? budget.waitForLookup(now) : budget.waitForUrgent(now);
    if (waitMs > 0) {
      this.#retryIn(waitMs);
      return null;
    }
    budget.take(1, now);
    if (first.call.kind === "cancel") this.#cancelling.delete(first.call.brokerOrderId);
    return this.#urgent.shift() ?? null;
  }

  #nextSend(): Job | null {
    for (const [instrumentId, jobs] of this.#sends) {
      if (this.#busy.has(instrumentId)) continue;
      const job = jobs.shift();
      if (jobs.length === 0) this.#sends.delete(instrumentId);
      if (job === undefined) continue;
      this.#busy.add(instrumentId);
      return job;
    }
    return null;
  }

  async #run(job: Job): Promise<void> {
    const { call } = job;
    this.#running += 1;
    try {
      const outcome = await this.#call(job);
      if (outcome.outcome.result === "not_sent") this.#options.budget.giveBack(1);
      if (mayBeOvertaken(outcome)) this.#holdUp(call);
      this.#options.onOutcome(outcome);
      // The broker asks for silence, and not for this symbol alone.
      if (outcome.outcome.result === "rate_limited") this.recall();
      else if (mayBeOvertaken(outcome)) this.#giveBackWaiting(call.instrumentId);
    } finally {
      this.#running -= 1;
      if (call.kind === "lookup") this.#asking.delete(call.orderId);
      if (call.kind === "submit" || call.kind === "replace") {
        this.#busy.delete(call.instrumentId);
        this.#sending.delete(call.orderId);
      }
      this.#pump();
    }
  }

  #holdUp({ instrumentId, orderId }: BrokerCall): void {
    const orders = this.#returned.get(instrumentId);
    if (orders === undefined) this.#returned.set(instrumentId, new Set([orderId]));
    else orders.add(orderId);
  }

  #giveBackWaiting(instrumentId: InstrumentId, why = NO_ANSWER_BEFORE): void {
    const waiting = this.#sends.get(instrumentId) ?? [];
    this.#sends.delete(instrumentId);
    for (const { call } of waiting) this.#giveBack(call, why);
  }

  #giveBack(call: BrokerCall, why = NO_ANSWER_BEFORE): void {
    this.#sending.delete(call.orderId);
    this.#holdUp(call);
    // Decided again it takes another: a recall of many would leave nothing for them until the window turns.
    this.#options.budget.giveBack(1);
    this.#options.onOutcome(notSent(call, why));
  }

  async #call({ call, traceParent }: Job): Promise<CallOutcome> {
    const { clock, port, leaseRemainingMs, callTimeoutMs, instrument } = this.#options;
    const allowed = Math.min(callTimeoutMs, leaseRemainingMs() - LEASE_MARGIN_MS);
    if (allowed < SHORTEST_CALL_MS) return notSent(call, "the lease would end before the call");
    if (isTooLate(call, clock.now())) return notSent(call, "its turn came too late");
    const controller = new AbortController();
    const disarm = clock.after(allowed, () => controller.abort());
    this.#aborts.add(controller);
    const started = clock.monotonic();
    try {
      const target = instrument(call.instrumentId);
      if (target === undefined) return notSent(call, `unknown instrument ${call.instrumentId}`);
      const span = this.#beginSpan(call, traceParent);
      const outcome = await callBroker(port, call, target, {
        signal: controller.signal,
        onRequest: this.#countFurther(),
        traceParent: span?.traceParent ?? traceParent,
      });
      // What we did not even try says nothing of the broker.
      this.#observe(outcome);
      const { result } = outcome.outcome;
      span?.end(spanEnd(call, outcome));
      const elapsedMs = clock.monotonic() - started;
      this.#options.onTiming(call, { result, elapsedMs, traceParent });
      return outcome;
    } finally {
      disarm();
      this.#aborts.delete(controller);
    }
  }

  /** The first request of a call was counted when its turn came; a lookup with legs makes another. */
  #countFurther(): () => void {
    const { budget, clock } = this.#options;
    let requests = 0;
    return () => {
      requests += 1;
      if (requests > 1) budget.take(1, clock.now());
    };
  }

  /** What belongs to no request, such as a lookup after a restart, begins no trace of its own. */
  #beginSpan(call: BrokerCall, parent: string | null): Span | null {
    if (parent === null) return null;
    const { tracer } = this.#options;
    return tracer?.begin({ name: `broker ${call.kind}`, kind: "client", parent }) ?? null;
  }

  #observe({ outcome }: CallOutcome): void {
    const { budget, circuit, clock, port, onChange } = this.#options;
    const now = clock.now();
    if (outcome.result === "rate_limited") budget.block(outcome.retryAt, now);
    const told = port.rateBudget();
    if (told !== null) budget.observe(told, this.#running - 1, now);
    const changed = isAnswer(outcome.result)
      ? circuit.succeeded()
      : circuit.failed(clock.monotonic());
    if (changed) onChange();
  }

  #retryIn(delayMs: number): void {
    if (this.#cancelRetry !== null) return;
    this.#cancelRetry = this.#options.clock.after(delayMs, () => {
      this.#cancelRetry = null;
      this.#pump();
    });
  }
}

function isTooLate(call: BrokerCall, now: number): boolean {
  if (call.kind !== "submit") return false;
  const { leavesBy = null } = call;
  return leavesBy !== null && now > leavesBy;
}

/** A send that did not leave, or nobody knows: it may be sent again, and what comes first is not settled. */
function mayBeOvertaken({ kind, outcome }: CallOutcome): boolean {
  if (kind !== "submit" && kind !== "replace") return false;
  return !isAnswer(outcome.result) || outcome.result === "rate_limited";
}

function spanEnd({ orderId, kind }: BrokerCall, { outcome }: CallOutcome): SpanEnd {
  const { result } = outcome;
  const attributes = {
    "fillstream.order_id": orderId,
    "fillstream.call": kind,
    "fillstream.result": result,
  };
  return isAnswer(result) ? { attributes } : { attributes, failure: result };
}
