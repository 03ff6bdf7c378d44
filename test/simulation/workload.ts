// The people of a run: bots that post signals and retry, an operator who cancels, changes and stops,
// somebody who trades by hand at the broker. Only what was answered counts as accepted.
import { encodeCommand } from "../../src/domain/codec/command.ts";
import { encodeSignal } from "../../src/domain/codec/signal.ts";
import type { CommandRequest } from "../../src/domain/command.ts";
import { Decimal } from "../../src/domain/decimal.ts";
import {
  asId,
  type AccountId,
  type CommandId,
  type InstrumentId,
  type SignalId,
} from "../../src/domain/ids.ts";
import { partitionOf } from "../../src/domain/partition.ts";
import type { Signal } from "../../src/domain/signal.ts";
import type { TradingState } from "../../src/domain/trading-state.ts";
import type { Acceptance, Accepted } from "../../src/ports/store.ts";
import type { Deployment } from "./deployment.ts";
import { SimProcess } from "./process.ts";
import { createSimProducer } from "./sim-bus.ts";
import { createSimStore } from "./sim-store.ts";
import {
  changeAbove,
  farPrice,
  fillsInPieces,
  ownersOf,
  requestOf,
  waits,
  wishOf,
} from "./wishes.ts";
import { ACCOUNTS, INSTRUMENTS, PARTITIONS, SESSION_STOCK, STRATEGIES } from "./world.ts";

const RETRIES = 4;
const RETRY_MS = 50;
/** So often an order is changed by somebody who haggles. */
const HAGGLES = 5;
const WAITING = 3;

export interface AcceptedSignal {
  readonly signal: Omit<Signal, "number">;
  readonly number: number;
  /** When its sender had the answer. */
  readonly answeredAt: number;
  /** When it was first posted. */
  readonly postedAt: number;
}

export class Workload {
  readonly accepted: AcceptedSignal[] = [];
  readonly commands: { readonly id: string; readonly accountId: AccountId }[] = [];
  /** Answers that were not as promised. */
  readonly problems: string[] = [];
  readonly #deployment: Deployment;
  readonly #process: SimProcess;
  readonly #store;
  readonly #producer;
  #count = 0;
  #posting = 0;

  constructor(deployment: Deployment) {
    const { scheduler, faults, database, stream } = deployment;
    this.#deployment = deployment;
    // The senders live outside: they never die, their requests do.
    this.#process = new SimProcess("senders", scheduler, faults);
    this.#process.kill = () => undefined;
    this.#store = createSimStore(this.#process, database, scheduler);
    this.#producer = createSimProducer(this.#process, stream);
  }

  get isPosting(): boolean {
    return this.#posting > 0;
  }

  /** Posts signals at random instants, and a few commands among them. */
  schedule(count: number, overMs: number): void {
    const { scheduler, faults } = this.#deployment;
    const { random } = faults;
    for (let index = 0; index < count; index += 1) {
      const act = this.#actOf(random.next());
      scheduler.at(random.between(0, overMs), () => void this.#do(act));
    }
    // Behind everybody's cancels: an end of its own must not hide that nobody knows what became of a change.
    for (let index = 0; index < WAITING; index += 1) {
      scheduler.at(overMs, () => void this.#do(() => this.#haggle(true)));
    }
  }

  #actOf(chance: number): () => Promise<unknown> {
    if (chance < 0.2) return () => this.#postCommand();
    if (chance < 0.25) return () => this.#postAgain();
    if (chance > 0.92) return () => this.#haggle();
    if (chance < 0.3 && this.#deployment.faults.has("manual trade")) return () => this.#byHand();
    return () => this.post();
  }

  async #do(act: () => Promise<unknown>): Promise<void> {
    this.#posting += 1;
    await act();
    this.#posting -= 1;
  }

  /** A signal of one account, or of any. */
  async post(
    accountId: AccountId | null = null,
    wish: Signal["wish"] | null = null,
    of: InstrumentId | null = null,
  ): Promise<Omit<Signal, "number"> | null> {
    const { faults, variety } = this.#deployment;
    const { random } = faults;
    const now = this.#process.clock().now();
    const usual = random.pick(INSTRUMENTS);
    const isTimed = variety.chance(0.2);
    const signal: Omit<Signal, "number"> = {
      id: asId<SignalId>(this.#nextId()),
      accountId: accountId ?? random.pick(ACCOUNTS).id,
      instrumentId: of ?? (isTimed ? SESSION_STOCK.id : usual.id),
      strategyId: isTimed || variety.chance(0.4) ? variety.pick(STRATEGIES) : null,
      wish: wish ?? wishOf(random),
      reason: null,
      validUntil: random.chance(0.1) ? now + random.between(50, 5_000) : null,
      onMarketClosed: variety.pick([null, "queue", "reject"] as const),
      receivedAt: now,
      actor: "bot",
      traceParent: null,
    };
    const postedAt = this.#deployment.scheduler.now;
    const number = await this.#accept(this.#signalRow(signal));
    if (number === null) return null;
    const answeredAt = this.#deployment.scheduler.now;
    this.accepted.push({ signal, number, answeredAt, postedAt });
    return signal;
  }

  #signalRow(signal: Omit<Signal, "number">): Acceptance {
    const { accountId, id } = signal;
    return this.#acceptance({ lane: "signals", accountId, id, body: encodeSignal(signal) });
  }

  /** A sender that never saw its answer, or that uses a key twice for different things. */
  async #postAgain(): Promise<void> {
    const { faults } = this.#deployment;
    const { random } = faults;
    const earlier = this.accepted.length === 0 ? undefined : random.pick(this.accepted);
    if (earlier === undefined) return;
    const isOther = random.chance(0.3);
    const row = this.#signalRow(earlier.signal);
    const answer = await this.#ask(isOther ? { ...row, fingerprint: "another" } : row);
    if (answer === null) return;
    faults.count(`repeat ${answer.result}`);
    const expected = isOther ? "conflict" : "replayed";
    const isSame = answer.id === earlier.signal.id;
    if (answer.result !== expected || !isSame) {
      this.problems.push(`the key of ${earlier.signal.id} was answered with ${answer.result}`);
    }
  }

  /** Somebody else's order: it is no order of ours, and still moves the account. */
  async #byHand(): Promise<void> {
    const { brokerWorld, faults } = this.#deployment;
    const { random } = faults;
    faults.count("manual trade");
    this.#count += 1;
    brokerWorld.broker.place({
      reference: `manual-${this.#count}`,
      accountId: random.pick(ACCOUNTS).id,
      instrumentId: random.pick(INSTRUMENTS).id,
      side: random.pick(["buy", "sell"] as const),
      type: "market",
      timeInForce: "day",
      quantity: Decimal.ofInteger(random.between(1, 20)),
      limitPrice: null,
      stopPrice: null,
      exits: null,
    });
  }

  /** One order changed again and again while it fills, or while it waits. */
  async #haggle(isWaiting = false): Promise<void> {
    const { database, faults } = this.#deployment;
    const { random } = faults;
    const terms = isWaiting ? waits(random) : fillsInPieces(random);
    const wish = { kind: "trade", terms } as const;
    const signal = await this.post(null, wish);
    for (let turn = 0; signal !== null && turn < HAGGLES; turn += 1) {
      await this.#process.clock().sleep(random.between(50, 1_500));
      const order = [...database.orders.values()].find(({ signalId }) => signalId === signal.id);
      if (order === undefined || order.closedAt !== null) continue;
      if (order.brokerOrderChain.length > 0 && order.filledQuantity.isPositive()) {
        faults.count("changed again with fills between");
      }
      const { id: orderId, accountId, filledQuantity } = order;
      const change = isWaiting
        ? { limitPrice: farPrice(random, terms.side) }
        : changeAbove(random, filledQuantity);
      await this.command(accountId, { kind: "replace_order", orderId, change });
    }
  }

  async #postCommand(): Promise<void> {
    const { database, faults } = this.#deployment;
    const accountId = faults.random.pick(ACCOUNTS).id;
    const last = this.accepted.findLast(({ signal }) => signal.accountId === accountId);
    const mine = ownersOf(database.orders.values(), accountId);
    const request = requestOf(faults.random, mine, last);
    if (request !== null) await this.command(accountId, request);
  }

  /** What an operator asks for, once. */
  async command(accountId: AccountId, request: CommandRequest): Promise<void> {
    const { id, acceptance } = this.#commandRow(accountId, request);
    if ((await this.#accept(acceptance)) !== null) this.commands.push({ id, accountId });
  }

  #commandRow(accountId: AccountId, request: CommandRequest) {
    const id = this.#nextId();
    const body = encodeCommand({
      id: asId<CommandId>(id),
      accountId,
      request,
      receivedAt: this.#process.clock().now(),
      actor: "operator",
      traceParent: null,
    });
    return { id, acceptance: this.#acceptance({ lane: "control", accountId, id, body }) };
  }

  /** The red button: the state and its effect on every account, in one transaction. */
  changeTradingState(state: TradingState): void {
    const { database, trace } = this.#deployment;
    trace(`trading state ${state}`);
    const rows = ACCOUNTS.map(({ id }) =>
      this.#commandRow(id, {
        kind: "trading_state_changed",
        state,
        strategyId: null,
        cancelEntries: state !== "active",
        flatten: false,
        reason: "drill",
      }),
    );
    database.changeTradingState(
      state,
      "drill",
      rows.map(({ acceptance }) => acceptance),
    );
  }

  /** As an API does: retries under the same key until it knows, then publishes. */
  async #accept(acceptance: Acceptance): Promise<number | null> {
    const answer = await this.#ask(acceptance);
    if (answer === null || answer.result === "conflict") return null;
    const { partition, lane, body } = acceptance;
    const { number } = answer;
    void this.#producer.publish([{ partition, lane, number, body }]).catch(() => undefined);
    return number;
  }

  async #ask(acceptance: Acceptance): Promise<Accepted | null> {
    for (let attempt = 0; attempt < RETRIES; attempt += 1) {
      try {
        const [answer] = await this.#store.accept([acceptance]);
        return answer ?? null;
      } catch {
        await this.#process.clock().sleep(RETRY_MS);
      }
    }
    return null;
  }

  #acceptance(row: Pick<Acceptance, "lane" | "id" | "accountId" | "body">): Acceptance {
    return {
      ...row,
      partition: partitionOf(row.accountId, PARTITIONS),
      idempotency: { scope: "bots", key: row.id },
      fingerprint: row.body,
      receivedAt: this.#process.clock().now(),
      actor: "bot",
      traceParent: null,
    };
  }

  /** Shaped like the real ones: a UUID whose last byte is left to the orders. */
  #nextId(): string {
    this.#count += 1;
    return `019a0000-0000-7000-8000-${this.#count.toString(16).padStart(10, "0")}00`;
  }
}
