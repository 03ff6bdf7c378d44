// Knows what went in, what the record holds and what the broker holds, and nothing of how the engine
// works. It looks at every order when it arrives at the broker and at every event when it is committed;
// what must hold once everything is at rest is in verdict.ts.
import { Decimal } from "../../src/domain/decimal.ts";
import type { DomainEvent, EventOf, LoggedEvent } from "../../src/domain/event.ts";
import type { OrderSpec } from "../../src/domain/order/spec.ts";
import type { Deployment } from "./deployment.ts";
import { isOpen, type SimOrder } from "./sim-order.ts";
import { isOpenAt } from "./session.ts";
import { MAX_POSITION, SESSION_STOCK } from "./world.ts";

/** A signal may be this much older than its limit when its intent is committed: the commit's own time. */
const AGE_SLACK_MS = 10_000;
const MAX_AGE_MS = 60_000;
const MAX_PROBLEMS = 20;

interface Known {
  readonly spec: OrderSpec;
  quantity: Decimal;
  filled: Decimal;
}

export class Auditor {
  readonly problems: string[] = [];
  /** Orders in the order of their first intent, and those whose way to the broker was not straight. */
  readonly intended = new Map<string, number>();
  readonly troubled = new Set<string>();
  /** What reached the broker, by market, in its order. */
  readonly arrivals = new Map<string, string[]>();
  readonly #deployment: Deployment;
  readonly #intents = new Set<string>();
  readonly #arrived = new Map<string, number>();
  readonly #orders = new Map<string, Known>();
  readonly #positions = new Map<string, Decimal>();
  /** What the orders of each strategy made of each market. */
  readonly #made = new Map<string, Decimal>();
  /** Markets where somebody traded for no strategy. */
  readonly #shared = new Set<string>();
  readonly #booked = new Map<string, Decimal>();
  readonly #unresolved = new Map<string, string>();
  readonly #givenUp = new Set<string>();
  /** How far the reader of the log has been given it, by partition. */
  readonly #delivered = new Map<number, number>();
  readonly #read: { events: number; written: number }[];

  constructor(deployment: Deployment) {
    this.#deployment = deployment;
    this.#read = deployment.database.partitions.map(() => ({ events: 0, written: 0 }));
    deployment.brokerWorld.broker.onArrival = (order) => this.#arrival(order);
    deployment.onDelivered = (events) => this.#deliver(events);
    // Nothing here is malformed, and no record is behind its broker.
    deployment.onComplaint = (complaint) => this.blame(complaint);
    // Whether its sender lived to tell of it or not: others may have overtaken it.
    deployment.brokerWorld.onUnanswered = (reference) => this.troubled.add(orderOf(reference));
  }

  blame(problem: string): void {
    if (this.problems.length < MAX_PROBLEMS && !this.problems.includes(problem)) {
      this.problems.push(problem);
    }
  }

  /** After every step: what was committed since the last look. */
  look(): void {
    this.#read.forEach((read, partition) => {
      const { log, written } = this.#deployment.database.rows(partition);
      for (; read.written < written.length; read.written += 1) {
        this.#checkWriter(partition, read.written);
      }
      for (; read.events < log.length; read.events += 1) {
        const event = log[read.events];
        if (event !== undefined) this.#committed(event);
      }
    });
  }

  /** At least once, in order, nothing left out. */
  #deliver(events: readonly LoggedEvent[]): void {
    for (const { partition, seq } of events) {
      const before = this.#delivered.get(partition) ?? 0;
      if (seq > before + 1) {
        this.blame(`feeds: a reader was given ${seq} of partition ${partition} after ${before}`);
      }
      this.#delivered.set(partition, Math.max(before, seq));
    }
  }

  /** Null where others have traded too: what they sell they take from the strategies. */
  madeBy(accountId: string, instrumentId: string, strategyId: string): Decimal | null {
    const market = `${accountId} ${instrumentId}`;
    if (this.#shared.has(market)) return null;
    return this.#made.get(`${market} ${strategyId}`) ?? Decimal.ZERO;
  }

  checkFeeds(written: ReadonlyMap<number, number>): void {
    for (const [partition, seq] of written) {
      const given = this.#delivered.get(partition) ?? 0;
      if (given < seq) this.blame(`feeds: a reader has ${given} of ${seq} events of ${partition}`);
    }
  }

  /** One writer at a time, each of whom has seen all that was written before. */
  #checkWriter(partition: number, index: number): void {
    const { written } = this.#deployment.database.rows(partition);
    const [before, now] = [written[index - 1], written[index]];
    if (before === undefined || now === undefined) return;
    if (now.epoch < before.epoch || now.afterSeq !== before.throughSeq) {
      this.blame(
        `invariant 11: epoch ${now.epoch} wrote to partition ${partition} behind ${now.afterSeq}, where epoch ${before.epoch} had come to ${before.throughSeq}`,
      );
    }
  }

  #committed({ accountId, event, at }: LoggedEvent): void {
    this.#deployment.faults.count(`event ${nameOf(event)}`);
    switch (event.type) {
      case "OrderPlaced":
        this.#orders.set(event.orderId, {
          spec: event.order,
          quantity: event.order.terms.quantity ?? Decimal.ZERO,
          filled: Decimal.ZERO,
        });
        return;
      case "OrderReplaced":
        this.#changed(event);
        return;
      case "OrderExecuted":
        this.#executed(event);
        return;
      case "PositionAdjusted":
        this.#adjusted(accountId, event);
        return;
      case "DifferenceFound":
        // The broker's cash is what its deals made it, and each of them reaches the record in the end.
        if (event.kind === "cash") this.blame(`cash of ${accountId}: ${JSON.stringify(event)}`);
        return;
      case "OrderSubmitted":
        this.#intents.add(`${accountId} ${event.reference}`);
        this.#intend(event.orderId, at);
        return;
      case "ReplaceRequested":
        this.troubled.add(event.orderId);
        this.#intents.add(`${accountId} ${event.reference}`);
        this.#checkStop(event.orderId, "replace");
        return;
      case "OrderUnresolved":
        this.troubled.add(event.orderId);
        if (event.unresolved.action === "submit") this.#isUnknown(event.orderId);
        return;
      case "OrderHeld":
        // A send that was sent back waits again; others may go before it meanwhile.
        if (this.intended.has(event.orderId)) this.troubled.add(event.orderId);
        this.#unresolved.delete(event.orderId);
        return;
      case "OrderRejected":
        this.#unresolved.delete(event.orderId);
        if (event.code === "never_arrived") this.#gaveUp(accountId, event.orderId);
        return;
      case "OrderAccepted":
      case "OrderResolved":
      case "OrderCancelled":
      case "OrderExpired":
      case "OrderCompleted":
        this.#unresolved.delete(event.orderId);
        return;
      default:
      // The rest tells nothing that the broker's ledger is compared with.
    }
  }

  #changed({ orderId, change }: EventOf<"OrderReplaced">): void {
    const known = this.#orders.get(orderId);
    if (known !== undefined && change.quantity !== undefined) known.quantity = change.quantity;
  }

  /** Nothing is booked that the broker has not done, and it has not done more than was asked for. */
  #executed({ orderId, execution }: EventOf<"OrderExecuted">): void {
    const { brokerOrderId, quantity } = execution;
    const known = this.#orders.get(orderId);
    if (known === undefined) return;
    const { accountId, instrumentId, terms } = known.spec;
    const market = `${accountId} ${instrumentId}`;
    const change = terms.side === "buy" ? quantity : quantity.negated();
    this.#move(market, change);
    if (known.spec.strategyId === null) this.#shared.add(market);
    const own = `${market} ${known.spec.strategyId ?? ""}`;
    this.#made.set(own, (this.#made.get(own) ?? Decimal.ZERO).plus(change));
    known.filled = known.filled.plus(quantity);
    if (known.filled.gt(known.quantity)) {
      const [filled, asked] = [known.filled.toString(), known.quantity.toString()];
      this.blame(`invariant 5: ${filled} of ${orderId} are filled, and ${asked} were asked for`);
    }
    if (brokerOrderId === null) return;
    const booked = (this.#booked.get(brokerOrderId) ?? Decimal.ZERO).plus(quantity);
    this.#booked.set(brokerOrderId, booked);
    const theirs = this.#deployment.brokerWorld.broker.orders.get(brokerOrderId);
    const done = theirs?.filled.minus(theirs.carried);
    if (done === undefined || booked.gt(done)) {
      this.blame(
        `invariant 8: ${booked.toString()} are booked of ${brokerOrderId}, of which ${done?.toString() ?? "nothing"} is done`,
      );
    }
  }

  #adjusted(accountId: string, { adjustment }: EventOf<"PositionAdjusted">): void {
    this.#move(`${accountId} ${adjustment.instrumentId}`, adjustment.quantity);
    if (this.#deployment.faults.has("manual trade")) return;
    this.blame(
      `invariant 9: ${adjustment.kind} of ${adjustment.quantity.toString()} in ${adjustment.instrumentId}, where only we trade`,
    );
  }

  #move(market: string, change: Decimal): void {
    this.#positions.set(market, this.#held(market).plus(change));
  }

  #held(market: string): Decimal {
    return this.#positions.get(market) ?? Decimal.ZERO;
  }

  #intend(orderId: string, at: number): void {
    if (!this.intended.has(orderId)) this.intended.set(orderId, this.intended.size);
    this.#givenUp.delete(orderId);
    this.#checkStop(orderId, "submit");
    this.#checkFrozen(orderId);
    const spec = this.#orders.get(orderId)?.spec;
    const { session } = this.#deployment;
    if (spec?.instrumentId === SESSION_STOCK.id && !isOpenAt(session, at)) {
      this.blame(`${orderId} was intended while its market was closed`);
    }
    // With a clock that jumps nobody can say how old a signal is.
    if (spec === undefined || this.#deployment.faults.has("clock jump")) return;
    const age = at - spec.receivedAt;
    const isLate = spec.validUntil !== null && at > spec.validUntil + AGE_SLACK_MS;
    if (age > MAX_AGE_MS + AGE_SLACK_MS || isLate) {
      this.blame(`invariant 13: ${orderId} was intended at the age of ${age} ms`);
    }
  }

  #checkStop(orderId: string, what: "submit" | "replace"): void {
    const { rows } = this.#deployment.database.trading;
    const isHalted = rows.some(({ state }) => state === "halted");
    const isReducing = rows.some(({ state }) => state === "reducing");
    if (isHalted || (isReducing && what === "submit" && !this.#isExit(orderId))) {
      this.blame(`invariant 14: ${what} of ${orderId} was intended after the stop was committed`);
    }
  }

  /** While nobody knows what became of an order, nothing is added on its market. */
  #checkFrozen(orderId: string): void {
    const market = this.#marketOf(orderId);
    for (const [other, frozen] of this.#unresolved) {
      if (other !== orderId && frozen === market && !this.#isExit(orderId)) {
        this.blame(`invariant 4: ${orderId} was intended while ${other} was unresolved`);
      }
    }
  }

  /** Lowers what is held, and not below zero. */
  #isExit(orderId: string): boolean {
    const known = this.#orders.get(orderId);
    if (known === undefined) return false;
    const held = this.#held(this.#marketOf(orderId));
    const lowers = known.spec.terms.side === "sell" ? held.isPositive() : held.isNegative();
    return lowers && known.quantity.lte(held.abs());
  }

  #marketOf(orderId: string): string {
    const spec = this.#orders.get(orderId)?.spec;
    return spec === undefined ? "" : `${spec.accountId} ${spec.instrumentId}`;
  }

  #isUnknown(orderId: string): void {
    this.#unresolved.set(orderId, this.#marketOf(orderId));
  }

  #gaveUp(accountId: string, orderId: string): void {
    this.#givenUp.add(orderId);
    for (const name of this.#arrived.keys()) {
      if (name.startsWith(`${accountId} ${orderId}-`)) this.#guessed(orderId);
    }
  }

  #guessed(orderId: string): void {
    this.blame(`invariant 4: ${orderId} was given up and is at the broker`);
  }

  #arrival(order: SimOrder): void {
    this.look();
    const orderId = orderOf(order.reference);
    if (order.reference.startsWith("manual")) return;
    const name = `${order.accountId} ${order.reference}`;
    const times = (this.#arrived.get(name) ?? 0) + 1;
    this.#arrived.set(name, times);
    if (times > 1) this.blame(`invariant 2: ${order.reference} reached the broker ${times} times`);
    if (!this.#intents.has(name)) {
      this.blame(`invariant 3: ${order.reference} reached the broker before its intent`);
    }
    if (this.#givenUp.has(orderId)) this.#guessed(orderId);
    const market = `${order.accountId} ${order.instrumentId}`;
    this.arrivals.set(market, [...(this.arrivals.get(market) ?? []), orderId]);
    this.#checkLimit(order);
  }

  /** Worst case at the broker: everything that works on one side fills, of two exits one. */
  #checkLimit(order: SimOrder): void {
    const { brokerWorld, faults } = this.#deployment;
    // A fill after a confirmed cancel is the broker's own doing, a manual trade somebody else's.
    if (faults.has("late execution") || faults.has("manual trade")) return;
    const { broker } = brokerWorld;
    const groups = new Map<string, Decimal>();
    for (const other of broker.orders.values()) {
      const { id, accountId, instrumentId, side, parent, status } = other;
      if (accountId !== order.accountId || instrumentId !== order.instrumentId) continue;
      if (side !== order.side || !isOpen(other) || status === "held") continue;
      const left = other.quantity.minus(other.filled);
      groups.set(parent ?? id, Decimal.max(groups.get(parent ?? id) ?? Decimal.ZERO, left));
    }
    const working = Decimal.sum(groups.values());
    const position = broker.position(order.accountId, order.instrumentId);
    const worst = order.side === "buy" ? position.plus(working) : position.minus(working);
    if (worst.abs().gt(Decimal.max(Decimal.of(MAX_POSITION), position.abs()))) {
      this.blame(`invariant 5: ${order.reference} could take the position to ${worst.toString()}`);
    }
  }
}

/** A reference is an order's id and a generation; a planted bug puts an r behind. */
const orderOf = (reference: string): string => reference.replace(/-\d+r?$/, "");

/** With what tells one kind from another, so that a run can say what it met. */
function nameOf(event: DomainEvent): string {
  switch (event.type) {
    case "SignalDecided":
      return `${event.type} ${event.refusal?.code ?? event.outcome}`;
    case "CommandDecided":
      return `${event.type} ${event.outcome.code}`;
    case "OrderHeld":
      return `${event.type} ${event.reason}`;
    case "OrderRejected":
      return `${event.type} ${event.code}`;
    case "OrderUnresolved":
      return `${event.type} ${event.unresolved.action}`;
    case "PositionAdjusted":
      return `${event.type} ${event.adjustment.kind}`;
    default:
      return event.type;
  }
}
