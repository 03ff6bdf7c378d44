// An account, its broker and its clock in words: what came in, what the core decided. Every decision is
// applied as the shell would do it, and a log of all events is kept, so that it can be replayed.
import { applyEvent } from "../../../src/domain/apply.ts";
import type { Book, Context, Decision, Input } from "../../../src/domain/book.ts";
import type {
  BrokerCall,
  BrokerOrderSnapshot,
  BrokerReport,
  BrokerTraits,
  BrokerView,
  CallOutcome,
} from "../../../src/domain/broker.ts";
import type { Command, CommandRequest } from "../../../src/domain/command.ts";
import { decide, nextDeadline } from "../../../src/domain/decide.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import type { DomainEvent, EventOf, EventType, RecordedEvent } from "../../../src/domain/event.ts";
import { asId } from "../../../src/domain/ids.ts";
import type {
  BrokerOrderId,
  CommandId,
  ExecutionId,
  InstrumentId,
  OrderId,
  SignalId,
  StrategyId,
} from "../../../src/domain/ids.ts";
import type { OrderState } from "../../../src/domain/order/state.ts";
import type { Signal } from "../../../src/domain/signal.ts";
import { AAPL, ACCOUNT_ID, d, terms, World } from "../risk/world.ts";
import type { Wish } from "../risk/world.ts";

export { AAPL, ACCOUNT_ID, d, MSFT, NYSE_AAPL } from "../risk/world.ts";

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");
export const signalId = (n: number): SignalId => asId(`00000000-0000-7000-8000-${hex(n, 10)}00`);
export const commandId = (n: number): CommandId => asId(`00000000-0000-7000-9000-${hex(n, 10)}00`);
export const orderOf = (n: number, order = 1): OrderId =>
  asId(`${signalId(n).slice(0, -2)}${hex(order, 2)}`);
export const orderOfCommand = (n: number, order = 1): OrderId =>
  asId(`${commandId(n).slice(0, -2)}${hex(order, 2)}`);
export const brokerIdOf = (orderId: OrderId): BrokerOrderId => asId(`B-${orderId}`);

export interface Sent extends Wish {
  readonly of?: InstrumentId;
  readonly target?: string;
  readonly strategy?: string;
  readonly receivedAt?: number;
  readonly validUntil?: number;
  readonly onMarketClosed?: "reject" | "queue";
  readonly number?: number;
}

const RECONCILED = {
  actor: "reconciler",
  correlationId: null,
  causationId: null,
  traceParent: null,
} as const;

export class Scene {
  readonly world: World;
  readonly log: RecordedEvent[] = [];
  readonly calls: BrokerCall[] = [];
  readonly alarms: string[] = [];
  /** What the alarms said, word for word. */
  readonly told: string[] = [];
  tokens = 100;
  up = true;
  /** The broker is looked at every minute, as in life, and its figures have not changed. */
  isLookedAt = true;
  traits: Partial<BrokerTraits> = {};
  last: Decision | null = null;
  #signals = 0;
  #commands = 0;
  #executions = 0;

  constructor(world: World = World.ready()) {
    this.world = world;
    world.set("max_position_size_usd", null);
    world.set("max_leverage", null);
  }

  get book(): Book {
    return this.world.book;
  }

  get account() {
    return this.world.account;
  }

  get now(): number {
    return this.world.now;
  }

  get context(): Context {
    const base = this.world.context;
    const { traits } = base.broker(ACCOUNT_ID);
    const broker = { traits: { ...traits, ...this.traits }, tokens: this.tokens, up: this.up };
    return { ...base, broker: () => broker };
  }

  #seeAccount(): void {
    const { equity: seen } = this.account;
    if (!this.isLookedAt || seen === null || Math.abs(this.now - seen.at) < 9 * 60_000) return;
    const { at: _at, ...figures } = seen;
    const event = { type: "AccountObserved", ...figures, asOf: this.now } as const;
    const recorded = { ...RECONCILED, accountId: ACCOUNT_ID, at: this.now, event };
    applyEvent(this.book, recorded);
    this.log.push(recorded);
  }

  /** Decides and applies, and the ticks that the decision asks for. Returns what was recorded. */
  when(input: Input): readonly DomainEvent[] {
    this.#seeAccount();
    const events: DomainEvent[] = [];
    let next: Input | null = input;
    for (let turn = 0; next !== null; turn += 1) {
      if (turn > 100) throw new Error("ticks without end");
      const decision: Decision = decide(this.book, next, this.context);
      this.last = decision;
      for (const recorded of decision.events) {
        applyEvent(this.book, recorded);
        this.log.push(recorded);
        events.push(recorded.event);
      }
      this.tokens -= decision.tokensUsed;
      for (const effect of decision.effects) {
        if (effect.kind === "call") this.calls.push(effect.call);
        if (effect.kind !== "alarm") continue;
        this.alarms.push(effect.code);
        this.told.push(effect.message);
      }
      next = decision.tick ? { kind: "tick", accountId: ACCOUNT_ID } : null;
    }
    return events;
  }

  signalOf(sent: Sent): Signal {
    this.#signals += 1;
    const { of = AAPL, target, strategy, number = this.#signals } = sent;
    const asked = terms(sent);
    const { side: _side, quantity: _quantity, notional: _notional, ...open } = asked;
    return {
      id: signalId(number),
      number,
      accountId: ACCOUNT_ID,
      instrumentId: of,
      strategyId: strategy === undefined ? null : asId<StrategyId>(strategy),
      wish:
        target === undefined
          ? { kind: "trade", terms: asked }
          : { kind: "position", target: d(target), terms: open },
      reason: null,
      validUntil: sent.validUntil ?? null,
      onMarketClosed: sent.onMarketClosed ?? null,
      receivedAt: sent.receivedAt ?? this.now,
      actor: "test",
      traceParent: null,
    };
  }

  signal(sent: Sent): readonly DomainEvent[] {
    return this.when({ kind: "signal", signal: this.signalOf(sent) });
  }

  command(request: CommandRequest): readonly DomainEvent[] {
    this.#commands += 1;
    const command: Command = {
      id: commandId(this.#commands),
      number: this.#commands,
      accountId: ACCOUNT_ID,
      request,
      receivedAt: this.now,
      actor: "person",
      traceParent: null,
    };
    return this.when({ kind: "command", command });
  }

  tick(afterMs = 0): readonly DomainEvent[] {
    this.world.now += afterMs;
    return this.when({ kind: "tick", accountId: ACCOUNT_ID });
  }

  get deadline(): number | null {
    return nextDeadline(this.book, this.context);
  }

  order(id: OrderId): OrderState {
    const order = this.account.orders.get(id);
    if (order === undefined) throw new Error(`no order ${id}`);
    return order;
  }

  outcome(outcome: CallOutcome): readonly DomainEvent[] {
    return this.when({ kind: "outcome", accountId: ACCOUNT_ID, outcome, at: this.now });
  }

  /** The broker's answer to a submit. */
  accepted(id: OrderId, more: Partial<BrokerOrderSnapshot> = {}): readonly DomainEvent[] {
    const { generation } = this.order(id);
    const snapshot = this.snapshot(id, more);
    return this.outcome({
      kind: "submit",
      orderId: id,
      generation,
      outcome: { result: "accepted", snapshot },
    });
  }

  report(id: OrderId, report: Reported): readonly DomainEvent[] {
    const order = this.order(id);
    return this.when({
      kind: "report",
      // The head is the same for every kind; what differs came in as it is.
      report: {
        accountId: ACCOUNT_ID,
        brokerOrderId: order.brokerOrderId ?? brokerIdOf(id),
        reference: order.reference,
        at: this.now,
        snapshot: null,
        ...report,
      } as BrokerReport,
    });
  }

  execution(quantity: string, price: string, more: Partial<Fill> = {}): Fill {
    this.#executions += 1;
    return {
      id: asId<ExecutionId>(`E-${this.#executions}`),
      brokerOrderId: null,
      quantity: d(quantity),
      price: d(price),
      cumulativeQuantity: null,
      fee: Decimal.ZERO,
      feeInAsset: Decimal.ZERO,
      executedAt: this.now,
      source: "stream",
      ...more,
    };
  }

  filled(id: OrderId, quantity: string, price = "100"): readonly DomainEvent[] {
    return this.report(id, { kind: "executed", execution: this.execution(quantity, price) });
  }

  cancelled(id: OrderId): readonly DomainEvent[] {
    return this.report(id, { kind: "cancelled" });
  }

  snapshot(id: OrderId, more: Partial<BrokerOrderSnapshot> = {}): BrokerOrderSnapshot {
    const order = this.order(id);
    return {
      brokerOrderId: order.brokerOrderId ?? brokerIdOf(id),
      reference: order.reference,
      symbol: order.instrumentId,
      instrumentId: order.instrumentId,
      side: order.terms.side,
      type: order.terms.type,
      timeInForce: order.terms.timeInForce,
      quantity: order.terms.quantity,
      notional: order.terms.notional,
      limitPrice: order.terms.limitPrice,
      stopPrice: order.terms.stopPrice,
      status: "accepted",
      filledQuantity: order.filledQuantity,
      averagePrice: null,
      replacedBy: null,
      replaces: null,
      legs: [],
      submittedAt: this.now,
      updatedAt: this.now,
      message: null,
      ...more,
    };
  }

  view(more: Partial<BrokerView> = {}): readonly DomainEvent[] {
    return this.when({ kind: "view", accountId: ACCOUNT_ID, view: this.viewOf(more) });
  }

  viewOf(more: Partial<BrokerView> = {}): BrokerView {
    return {
      at: this.now,
      account: {
        number: "1",
        currency: "USD",
        equity: d("100000"),
        cash: d("100000"),
        buyingPower: d("100000"),
        nonMarginableBuyingPower: d("100000"),
        shortingEnabled: true,
        tradingBlocked: false,
      },
      openOrders: [],
      askedOrders: [],
      pastOrders: [],
      logSeq: this.book.seq,
      executions: [],
      positions: [],
      activities: [],
      ...more,
    };
  }

  position(id: InstrumentId = AAPL): string {
    return this.account.positions.quantity(id).toString();
  }

  /** A signal that the broker has accepted. */
  working(sent: Sent): OrderId {
    this.signal(sent);
    const id = orderOf(this.#signals);
    this.accepted(id);
    return id;
  }

  /** A holding that came about by trading. */
  bought(quantity: string, sent: Sent = {}): OrderId {
    const id = this.working({ ...sent, side: "buy", quantity });
    this.filled(id, quantity);
    return id;
  }
}

export type Fill = Extract<BrokerReport, { kind: "executed" }>["execution"];
type Reported = { readonly kind: BrokerReport["kind"] } & Record<string, unknown>;

export const types = (events: readonly DomainEvent[]): EventType[] =>
  events.map(({ type }) => type);

export function only<Type extends EventType>(
  events: readonly DomainEvent[],
  type: Type,
): EventOf<Type> {
  const found = events.filter((event): event is EventOf<Type> => event.type === type);
  const [first] = found;
  if (first === undefined || found.length > 1) {
    throw new Error(`${found.length} events of type ${type} among ${types(events).join(", ")}`);
  }
  return first;
}

/** The book that the log alone gives, from how every scene begins. */
export function replay(scene: Scene): Book {
  const { book } = new Scene();
  for (const recorded of scene.log) applyEvent(book, recorded);
  return book;
}
