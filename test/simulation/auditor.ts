// Knows what went in, what the record holds and what the broker holds, and nothing of how the engine
// works. It looks at every order when it arrives at the broker, at every event when it is committed, and
// at everything once the faults have stopped.
import { Decimal } from "../../src/domain/decimal.ts";
import type { LoggedEvent } from "../../src/domain/event.ts";
import type { SimOrder } from "./sim-broker.ts";
import type { Deployment } from "./deployment.ts";
import type { Workload } from "./workload.ts";
import { ACCOUNTS, INSTRUMENTS, MAX_POSITION } from "./world.ts";

/** A signal may be this much older than its limit when its intent is committed: the commit's own time. */
const AGE_SLACK_MS = 10_000;
const MAX_AGE_MS = 60_000;

export class Auditor {
  readonly problems: string[] = [];
  readonly #deployment: Deployment;
  readonly #workload: Workload;
  readonly #intents = new Set<string>();
  readonly #arrived = new Map<string, number>();
  readonly #read: number[];
  readonly #sequence = new Map<string, { readonly place: number; readonly orderId: string }[]>();
  readonly #troubled = new Set<string>();
  readonly #reducing = new Set<string>();
  readonly #received = new Map<string, number>();
  #place = 0;

  constructor(deployment: Deployment, workload: Workload) {
    this.#deployment = deployment;
    this.#workload = workload;
    this.#read = deployment.database.partitions.map(() => 0);
    deployment.brokerWorld.broker.onArrival = (order) => this.#arrival(order);
  }

  /** After every step: what was committed since the last look. */
  look(): void {
    this.#deployment.database.partitions.forEach((rows, partition) => {
      for (let index = this.#read[partition] ?? 0; index < rows.log.length; index += 1) {
        const event = rows.log[index];
        if (event !== undefined) this.#committed(event);
      }
      this.#read[partition] = rows.log.length;
    });
  }

  #blame(problem: string): void {
    if (this.problems.length < 20) this.problems.push(problem);
  }

  #committed({ accountId, event, at }: LoggedEvent): void {
    if (event.type === "OrderPlaced") {
      if (event.order.reducesPosition) this.#reducing.add(event.orderId);
      this.#received.set(event.orderId, event.order.receivedAt);
    }
    if (event.type === "OrderUnresolved" || event.type === "ReplaceRequested") {
      this.#troubled.add(event.orderId);
    }
    if (event.type === "ReplaceRequested") this.#intents.add(`${accountId} ${event.reference}`);
    if (event.type !== "OrderSubmitted") return;
    this.#intents.add(`${accountId} ${event.reference}`);
    const { rows } = this.#deployment.database.trading;
    const isStopped = rows.some((row) => row.state === "halted");
    const isReducing = rows.some((row) => row.state === "reducing");
    if (isStopped || (isReducing && !this.#reducing.has(event.orderId))) {
      this.#blame(`invariant 14: ${event.orderId} was intended after the stop was committed`);
    }
    const age = at - (this.#received.get(event.orderId) ?? at);
    const clocksJump = this.#deployment.faults.kinds.includes("clock jump");
    if (!clocksJump && age > MAX_AGE_MS + AGE_SLACK_MS) {
      this.#blame(`invariant 13: ${event.orderId} was intended at the age of ${age} ms`);
    }
    this.#place += 1;
  }

  #arrival(order: SimOrder): void {
    this.look();
    const name = `${order.accountId} ${order.reference}`;
    const times = (this.#arrived.get(name) ?? 0) + 1;
    this.#arrived.set(name, times);
    if (times > 1) this.#blame(`invariant 2: ${order.reference} reached the broker ${times} times`);
    if (!this.#intents.has(name)) {
      this.#blame(
        `invariant 3: ${order.reference} reached the broker before its intent was committed`,
      );
    }
    const market = `${order.accountId} ${order.instrumentId}`;
    const arrivals = this.#sequence.get(market) ?? [];
    arrivals.push({ place: arrivals.length, orderId: order.reference.replace(/-\d+r?$/, "") });
    this.#sequence.set(market, arrivals);
    this.#checkLimit(order);
  }

  /** Worst case at the broker: everything that is open on one side fills. */
  #checkLimit(order: SimOrder): void {
    const { broker } = this.#deployment.brokerWorld;
    // A fill after a confirmed cancel is the broker's own doing and may pass any limit.
    if (this.#deployment.faults.kinds.includes("late execution")) return;
    const open = broker
      .openOrders(order.accountId)
      .filter(
        ({ instrumentId, side }) => instrumentId === order.instrumentId && side === order.side,
      );
    const working = Decimal.sum(open.map(({ quantity, filled }) => quantity.minus(filled)));
    const position = broker.position(order.accountId, order.instrumentId);
    const worst = order.side === "buy" ? position.plus(working) : position.minus(working);
    const allowed = Decimal.max(Decimal.of(MAX_POSITION), position.abs());
    if (worst.abs().gt(allowed)) {
      this.#blame(`invariant 5: ${order.reference} could take the position to ${worst.toString()}`);
    }
  }

  /** When everything should be at rest. */
  finish(): void {
    this.look();
    this.#checkOutcomes();
    this.#checkOrder();
    this.#checkDecisionOrder();
    this.#checkOrders();
    this.#checkPositions();
    this.#checkRest();
  }

  #checkOutcomes(): void {
    const decided = new Map<string, number>();
    for (const { event } of this.#deployment.database.partitions.flatMap((rows) => rows.log)) {
      if (event.type === "SignalDecided")
        decided.set(event.signalId, (decided.get(event.signalId) ?? 0) + 1);
      if (event.type === "CommandDecided")
        decided.set(event.commandId, (decided.get(event.commandId) ?? 0) + 1);
    }
    for (const { id } of [
      ...this.#workload.accepted.map(({ signal }) => signal),
      ...this.#workload.commands,
    ]) {
      const times = decided.get(id) ?? 0;
      if (times !== 1) this.#blame(`invariant 1: ${id} was decided ${times} times`);
    }
  }

  /** A signal answered before another was posted is decided first. */
  #checkDecisionOrder(): void {
    const place = new Map<string, number>();
    let next = 0;
    for (const rows of this.#deployment.database.partitions) {
      for (const { event } of rows.log) {
        if (event.type === "SignalDecided" && event.refusal?.code !== "taken_back") {
          place.set(event.signalId, next++);
        }
      }
    }
    for (const { id } of ACCOUNTS) {
      const signals = this.#workload.accepted.filter(({ signal }) => signal.accountId === id);
      for (const first of signals) {
        for (const second of signals) {
          if (first.answeredAt >= second.postedAt) continue;
          const before = place.get(first.signal.id);
          const after = place.get(second.signal.id);
          if (before !== undefined && after !== undefined && before > after) {
            this.#blame(`invariant 12: ${second.signal.id} was decided before ${first.signal.id}`);
          }
        }
      }
    }
  }

  /** Orders of one market arrive in the order of their intents, those in trouble apart. */
  #checkOrder(): void {
    const intended = new Map<string, number>();
    let next = 0;
    for (const rows of this.#deployment.database.partitions) {
      for (const { event } of rows.log) {
        if (event.type === "OrderSubmitted" && !intended.has(event.orderId))
          intended.set(event.orderId, next++);
      }
    }
    for (const [market, arrivals] of this.#sequence) {
      const sound = arrivals.filter(({ orderId }) => !this.#troubled.has(orderId));
      for (const [index, { orderId }] of sound.entries()) {
        const before = sound[index - 1];
        if (before === undefined) continue;
        if ((intended.get(before.orderId) ?? 0) > (intended.get(orderId) ?? 0)) {
          this.#blame(`invariant 12: on ${market} ${before.orderId} was sent before ${orderId}`);
        }
      }
    }
  }

  /** What we believe of each order is what the broker holds. */
  #checkOrders(): void {
    const { broker } = this.#deployment.brokerWorld;
    for (const order of this.#deployment.database.orders.values()) {
      if (order.status === "pending") continue;
      const named = order.reference && broker.findByReference(order.accountId, order.reference);
      const theirs = named || null;
      if (theirs === null) {
        if (
          order.status !== "rejected" &&
          order.status !== "cancelled" &&
          order.status !== "expired"
        ) {
          this.#blame(`order ${order.id} is ${order.status} here and unknown at the broker`);
        }
        continue;
      }
      if (theirs.status !== order.status) {
        this.#blame(`order ${order.id} is ${order.status} here and ${theirs.status} at the broker`);
      }
      if (order.unresolved !== null) this.#blame(`order ${order.id} is still unresolved`);
    }
  }

  #checkPositions(): void {
    const { database, brokerWorld } = this.#deployment;
    for (const [partition] of database.partitions.entries()) {
      const book = database.loadBook(partition);
      for (const account of book.accounts.values()) {
        for (const { id } of INSTRUMENTS) {
          const ours = account.positions.net(id)?.quantity ?? Decimal.ZERO;
          const theirs = brokerWorld.broker.position(account.account.id, id);
          if (!ours.eq(theirs)) {
            this.#blame(
              `invariant 8: ${account.account.id} holds ${ours.toString()} of ${id} here and ${theirs.toString()} at the broker`,
            );
          }
        }
      }
    }
  }

  #checkRest(): void {
    const { database, stream } = this.#deployment;
    database.partitions.forEach((rows, partition) => {
      if (rows.fault !== null) this.#blame(`partition ${partition} is faulted: ${rows.fault}`);
      if (rows.decidedSignals !== rows.signals.length) {
        this.#blame(
          `invariant 1: partition ${partition} decided ${rows.decidedSignals} of ${rows.signals.length}`,
        );
      }
    });
    if (stream.length > 0) this.#blame(`the stream still holds ${stream.length} entries`);
    for (const order of database.orders.values()) {
      if (order.status === "pending" || order.status === "submitted") {
        this.#blame(
          `order ${order.id} never came to rest: ${order.status} ${order.hold?.reason ?? ""}`,
        );
      }
    }
  }
}
