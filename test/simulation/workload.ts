// The people of a run: bots that post signals and retry, an operator who cancels and stops. Only what
// was answered counts as accepted.
import { encodeCommand } from "../../src/domain/codec/command.ts";
import { encodeSignal } from "../../src/domain/codec/signal.ts";
import type { CommandRequest } from "../../src/domain/command.ts";
import { Decimal } from "../../src/domain/decimal.ts";
import { asId, type AccountId, type CommandId, type SignalId } from "../../src/domain/ids.ts";
import type { OrderTerms } from "../../src/domain/order/spec.ts";
import { partitionOf } from "../../src/domain/partition.ts";
import type { Signal } from "../../src/domain/signal.ts";
import type { TradingState } from "../../src/domain/trading-state.ts";
import type { Acceptance } from "../../src/ports/store.ts";
import type { Deployment } from "./deployment.ts";
import { SimProcess } from "./process.ts";
import { createSimProducer } from "./sim-bus.ts";
import { createSimStore } from "./sim-store.ts";
import { ACCOUNTS, INSTRUMENTS, PARTITIONS } from "./world.ts";

const RETRIES = 4;

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
  readonly #deployment: Deployment;
  readonly #process: SimProcess;
  readonly #store;
  readonly #producer;
  #count = 0;

  constructor(deployment: Deployment) {
    const { scheduler, faults, database, stream } = deployment;
    this.#deployment = deployment;
    // The senders live outside: they never die, their requests do.
    this.#process = new SimProcess("senders", scheduler, faults);
    this.#process.kill = () => undefined;
    this.#store = createSimStore(this.#process, database, scheduler);
    this.#producer = createSimProducer(this.#process, stream);
  }

  /** Posts signals at random instants, and a few commands among them. */
  schedule(count: number, overMs: number): void {
    const { scheduler, faults } = this.#deployment;
    const { random } = faults;
    for (let index = 0; index < count; index += 1) {
      const at = random.between(0, overMs);
      const act = random.chance(0.15) ? () => this.#postCommand() : () => this.#postSignal();
      scheduler.at(at, () => void act().catch(() => undefined));
    }
  }

  async #postSignal(): Promise<void> {
    const { random } = this.#deployment.faults;
    const accountId = random.pick(ACCOUNTS).id;
    const clock = this.#process.clock();
    const signal: Omit<Signal, "number"> = {
      id: asId<SignalId>(this.#nextId()),
      accountId,
      instrumentId: random.pick(INSTRUMENTS).id,
      strategyId: null,
      wish: { kind: "trade", terms: this.#terms() },
      reason: null,
      validUntil: null,
      onMarketClosed: null,
      receivedAt: clock.now(),
      actor: "bot",
      traceParent: null,
    };
    const postedAt = this.#deployment.scheduler.now;
    const accepted = await this.#accept("signals", accountId, signal.id, encodeSignal(signal));
    if (accepted === null) return;
    const answeredAt = this.#deployment.scheduler.now;
    this.accepted.push({ signal, number: accepted, answeredAt, postedAt });
  }

  #terms(): OrderTerms {
    const { random } = this.#deployment.faults;
    const isLimit = random.chance(0.3);
    return {
      side: random.pick(["buy", "sell"] as const),
      type: isLimit ? "limit" : "market",
      timeInForce: "day",
      quantity: Decimal.ofInteger(random.between(1, 60)),
      notional: null,
      limitPrice: isLimit ? Decimal.of("100") : null,
      stopPrice: null,
      trailPrice: null,
      trailPercent: null,
      extendedHours: false,
      postOnly: false,
      exits: null,
    };
  }

  async #postCommand(): Promise<void> {
    const { random } = this.#deployment.faults;
    const accountId = random.pick(ACCOUNTS).id;
    const request = this.#request(accountId);
    if (request !== null) await this.#command(accountId, request);
  }

  #request(accountId: AccountId): CommandRequest | null {
    const { faults, database } = this.#deployment;
    const { random } = faults;
    const instrumentId = random.pick(INSTRUMENTS).id;
    const kind = random.pick(["cancel", "cancel_all", "close", "replace", "take_back"] as const);
    const mine = [...database.orders.values()].filter((order) => order.accountId === accountId);
    switch (kind) {
      case "cancel_all":
        return { kind: "cancel_orders", filter: { instrumentId, strategyId: null, side: null } };
      case "close":
        return { kind: "close_position", instrumentId, quantity: null };
      case "cancel":
        return mine.length === 0 ? null : { kind: "cancel_order", orderId: random.pick(mine).id };
      case "replace":
        return mine.length === 0
          ? null
          : {
              kind: "replace_order",
              orderId: random.pick(mine).id,
              change: { quantity: Decimal.ofInteger(random.between(1, 60)) },
            };
      case "take_back": {
        const last = this.accepted.findLast(({ signal }) => signal.accountId === accountId);
        if (last === undefined) return null;
        return {
          kind: "take_back_signal",
          signalId: last.signal.id,
          number: last.number,
          instrumentId: last.signal.instrumentId,
          strategyId: last.signal.strategyId,
        };
      }
    }
  }

  async #command(accountId: AccountId, request: CommandRequest): Promise<void> {
    const { id, acceptance } = this.#commandRow(accountId, request);
    const { body } = acceptance;
    if ((await this.#accept("control", accountId, id, body)) !== null) {
      this.commands.push({ id, accountId });
    }
  }

  #commandRow(accountId: AccountId, request: CommandRequest) {
    const id = this.#nextId();
    const receivedAt = this.#process.clock().now();
    const body = encodeCommand({
      id: asId<CommandId>(id),
      accountId,
      request,
      receivedAt,
      actor: "operator",
      traceParent: null,
    });
    return { id, acceptance: this.#acceptance("control", accountId, id, body) };
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
  async #accept(
    lane: "signals" | "control",
    accountId: AccountId,
    id: string,
    body: string,
  ): Promise<number | null> {
    const acceptance = this.#acceptance(lane, accountId, id, body);
    for (let attempt = 0; attempt < RETRIES; attempt += 1) {
      try {
        const [answer] = await this.#store.accept([acceptance]);
        if (answer === undefined || answer.result === "conflict") return null;
        const { partition } = acceptance;
        const { number } = answer;
        void this.#producer.publish([{ partition, lane, number, body }]).catch(() => undefined);
        return number;
      } catch {
        await this.#process.clock().sleep(50);
      }
    }
    return null;
  }

  #acceptance(
    lane: "signals" | "control",
    accountId: AccountId,
    id: string,
    body: string,
  ): Acceptance {
    return {
      lane,
      id,
      accountId,
      partition: partitionOf(accountId, PARTITIONS),
      idempotency: { scope: "bots", key: id },
      fingerprint: body,
      body,
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
