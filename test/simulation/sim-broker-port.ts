// The broker port as one process sees the simulated broker: answers are lost after the order was
// accepted, requests arrive twice or after their caller gave up, some are refused.
import type { BrokerTraits } from "../../src/domain/broker.ts";
import { Decimal } from "../../src/domain/decimal.ts";
import { asId, type AccountId, type BrokerReference } from "../../src/domain/ids.ts";
import type { Instrument } from "../../src/domain/instrument.ts";
import type { OrderTerms } from "../../src/domain/order/spec.ts";
import {
  BrokerRateLimited,
  BrokerUnavailable,
  type BrokerAccountPort,
  type CallOptions,
} from "../../src/ports/broker.ts";
import { activityOf, snapshotOf } from "./broker-facts.ts";
import type { Faults } from "./faults.ts";
import type { IoKind, SimProcess } from "./process.ts";
import type { Scheduler } from "./scheduler.ts";
import { listenTo } from "./sim-broker-stream.ts";
import { PRICE, type SimBroker } from "./sim-broker.ts";
import type { NewOrder, SimOrder } from "./sim-order.ts";
import { onePage } from "../support/pages.ts";

const RETRY_AFTER_MS = 1_000;

const away = () => new BrokerUnavailable("the broker did not answer");
const submitCall: IoKind = {
  name: "broker.submit",
  lowMs: 1,
  highMs: 20,
  // Later than the caller waits, and sooner than the broker's longest flight.
  slowestMs: 5_000,
  notDone: away,
  unknown: away,
};
/** Every answer of a slow broker: late, and within what its caller waits. */
const SLOW = { lowMs: 300, highMs: 700 };
const readCall: IoKind = { ...submitCall, name: "broker.read", slowestMs: 2_500 };

const OURS = /^019a0000-.*-\d+$/;

export const TRAITS: BrokerTraits = {
  name: "simulated",
  referenceUnique: "forever",
  findsByReference: true,
  longestFlightMs: 6_000,
  lookupsBeforeNeverArrived: 3,
  makesExitLegs: true,
  canReplace: true,
  quietOrderMs: 5_000,
  recognises: (reference) => OURS.test(reference),
  reference: (orderId, generation) => asId<BrokerReference>(`${orderId}-${generation}`),
};

/** How the activities name an execution beside the stream; with `none` the stream does not name it at all. */
export type ExecutionIds = "same" | "different" | "none";

export interface SimBrokerWorld {
  readonly broker: SimBroker;
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly instruments: readonly Instrument[];
  readonly traits: BrokerTraits;
  /** The auditor's eye: a send that its sender heard no answer of. */
  onUnanswered: (reference: string) => void;
  readonly executionIds: ExecutionIds;
  readonly isSlow: boolean;
  /** What the broker says instead of how an account stands: it is away, or its keys are refused. */
  failsFor: (accountId: AccountId) => Error | null;
}

export function createSimBrokerPort(
  process: SimProcess,
  accountId: AccountId,
  world: SimBrokerWorld,
): BrokerAccountPort {
  const { broker, instruments } = world;
  const calls = new Calls(process, world);
  const read = <Result>(options: CallOptions, work: () => Result) => calls.read(options, work);
  const orderOf = (instrument: Instrument, reference: string, terms: OrderTerms): NewOrder => ({
    reference,
    accountId,
    instrumentId: instrument.id,
    side: terms.side,
    type: terms.type,
    timeInForce: terms.timeInForce,
    quantity: terms.quantity ?? Decimal.ONE,
    limitPrice: terms.limitPrice,
    stopPrice: terms.stopPrice,
    exits: terms.exits,
  });
  return {
    accountId,
    traits: world.traits,
    submit: ({ instrument, reference, terms }, { signal }) =>
      calls.send({ signal, reference }, () => {
        const order = orderOf(instrument, reference, terms);
        if (world.faults.happens("broker rejects", "submit")) return rejected("no reason given");
        calls.repeat(() => broker.place(order));
        const placed = broker.place(order);
        if (placed === "duplicate") return { result: "duplicate" as const };
        if (placed === "refused") return rejected("too much");
        calls.loseAnswer();
        return { result: "accepted" as const, snapshot: snapshotOf(placed.order) };
      }),
    cancel: (brokerOrderId, { signal }) =>
      calls.send({ signal, reference: null }, () => {
        const result = broker.cancel(accountId, brokerOrderId);
        calls.repeat(() => broker.cancel(accountId, brokerOrderId));
        return result === "refused" ? { result, message: "the order is closed" } : { result };
      }),
    replace: ({ instrument, brokerOrderId, reference, terms, change }, { signal }) =>
      calls.send({ signal, reference }, () => {
        const quantity = change.quantity ?? null;
        const order = { ...orderOf(instrument, reference, terms), quantity };
        calls.repeat(() => broker.replace(accountId, brokerOrderId, order));
        const replaced = broker.replace(accountId, brokerOrderId, order);
        if (replaced === "refused") return { result: "refused" as const, message: "not open" };
        calls.loseAnswer();
        return { result: "requested" as const, snapshot: snapshotOf(replaced.order) };
      }),
    findByReference: (reference, options) =>
      calls.lookUp(options, () => broker.findByReference(accountId, reference)),
    findById: (brokerOrderId, options) =>
      calls.lookUp(options, () => broker.orders.get(brokerOrderId)),
    openOrders: (options) => read(options, () => broker.openOrders(accountId).map(snapshotOf)),
    ordersSince: (since, options) =>
      read(options, () => ordersOf(broker, accountId, since).map((order) => snapshotOf(order))),
    executionsSince: (since, options) =>
      onePage(
        read(options, () =>
          broker.deals
            .filter((deal) => deal.accountId === accountId && deal.at >= since)
            .map((deal) => activityOf(deal, world)),
        ),
      ),
    activitiesSince: (_, options) => read(options, () => []),
    positions: (options) =>
      read(options, () =>
        instruments.flatMap(({ id: instrumentId, symbol }) => {
          const quantity = broker.position(accountId, instrumentId);
          if (quantity.isZero()) return [];
          return [{ symbol, instrumentId, quantity, averagePrice: PRICE }];
        }),
      ),
    account: async (options) => {
      const account = await read(options, () => accountAt(accountId));
      const failure = world.failsFor(accountId);
      if (failure !== null) throw failure;
      return account;
    },
    time: (options) => read(options, () => broker.now),
    instrument: (symbol, options) =>
      read(options, () => instruments.find((instrument) => instrument.symbol === symbol) ?? null),
    rateBudget: () => null,
    listen: (listener) => listenTo(world, { process, accountId, listener }),
  };
}

interface Sending {
  readonly signal: AbortSignal;
  readonly reference: string | null;
}

/** How calls travel, whatever they ask for. */
class Calls {
  readonly #process: SimProcess;
  readonly #world: SimBrokerWorld;
  #loses = false;

  constructor(process: SimProcess, world: SimBrokerWorld) {
    this.#process = process;
    this.#world = world;
  }

  /** A request that may not be made fails as one that was: those asked for beside it are waited for too. */
  async read<Result>(options: CallOptions, work: () => Result): Promise<Result> {
    options.onRequest?.();
    const { faults, broker } = this.#world;
    if (faults.happens("rate limited", "reads")) {
      throw new BrokerRateLimited("too many", broker.now + RETRY_AFTER_MS);
    }
    return this.#process.io(this.#pace(readCall), () => this.#reached(work));
  }

  async lookUp(options: CallOptions, work: () => SimOrder | undefined) {
    try {
      const order = await this.read(options, work);
      if (order === undefined) return { result: "not_found" as const };
      return { result: "found" as const, snapshot: snapshotOf(order) };
    } catch (error: unknown) {
      if (error instanceof BrokerRateLimited) {
        return { result: "rate_limited" as const, retryAt: error.retryAt };
      }
      return { result: "unavailable" as const, cause: "no answer" };
    }
  }

  #pace(kind: IoKind): IoKind {
    return this.#world.isSlow ? { ...kind, ...SLOW } : kind;
  }

  /** Gives up when told to; what was sent goes on without us. */
  async send<Outcome>({ signal, reference }: Sending, work: () => Outcome) {
    if (signal.aborted) return { result: "not_sent" as const, cause: "given up before it began" };
    const { faults, broker } = this.#world;
    if (faults.happens("rate limited", "broker")) {
      return { result: "rate_limited" as const, retryAt: broker.now + RETRY_AFTER_MS };
    }
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(away()));
    });
    try {
      return await Promise.race([
        this.#process.io(this.#pace(submitCall), () => {
          // Its sender died meanwhile: nobody waits for this answer, and others may go before it comes.
          if (reference !== null && !this.#process.isAlive) this.#world.onUnanswered(reference);
          return this.#answered(work);
        }),
        aborted,
      ]);
    } catch {
      if (reference !== null) this.#world.onUnanswered(reference);
      return { result: "unresolved" as const, cause: "no answer", alarm: false };
    }
  }

  /** The network brings the same request a second time, a little later. */
  repeat(work: () => unknown): void {
    const { faults, scheduler } = this.#world;
    if (!faults.happens("request repeated", "broker")) return;
    scheduler.after(faults.random.between(1, 3_000), work);
  }

  loseAnswer(): void {
    this.#loses = this.#world.faults.happens("answer lost after accept", "broker");
  }

  #answered<Outcome>(work: () => Outcome): Outcome {
    const outcome = this.#reached(work);
    const loses = this.#loses;
    this.#loses = false;
    if (loses) throw away();
    return outcome;
  }

  #reached<Result>(work: () => Result): Result {
    if (this.#world.broker.isDown) throw away();
    return work();
  }
}

const rejected = (message: string) => ({ result: "rejected" as const, code: "simulated", message });

function ordersOf(broker: SimBroker, accountId: AccountId, since: number): readonly SimOrder[] {
  return [...broker.orders.values()].filter(
    (order) => order.accountId === accountId && order.submittedAt >= since && order.parent === null,
  );
}

function accountAt(number: string) {
  const million = Decimal.of("1000000");
  return {
    number,
    currency: "USD",
    equity: million,
    cash: million,
    buyingPower: million,
    nonMarginableBuyingPower: million,
    shortingEnabled: true,
    tradingBlocked: false,
  };
}
