// One account in a small market, told in words: what is held, what works, which limits hold. Everything
// goes through the real events and the real table of limits, so a test proves the whole way.
import { applyEvent } from "../../../src/domain/apply.ts";
import { createAccountBook, createBook } from "../../../src/domain/new-book.ts";
import type { Account, AccountBook, Book, Context } from "../../../src/domain/book.ts";
import type { BrokerOrderSnapshot, BrokerTraits } from "../../../src/domain/broker.ts";
import { NO_OVERRIDES } from "../../../src/domain/calendar/calendar.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import type { DomainEvent } from "../../../src/domain/event.ts";
import { asId } from "../../../src/domain/ids.ts";
import type {
  BrokerOrderId,
  BrokerReference,
  ExecutionId,
  InstrumentId,
  OrderId,
  StrategyId,
} from "../../../src/domain/ids.ts";
import type { Instrument } from "../../../src/domain/instrument.ts";
import { LIMIT_DEFINITIONS } from "../../../src/domain/limits.ts";
import type { LimitDefinition, LimitKey, LimitTable } from "../../../src/domain/limits.ts";
import { MarkTable } from "../../../src/domain/mark-table.ts";
import type { Mark } from "../../../src/domain/market.ts";
import type { OrderSpec } from "../../../src/domain/order/spec.ts";
import type { RuleCode, Verdict } from "../../../src/domain/refusal.ts";
import type { Candidate, RiskAnswer } from "../../../src/domain/risk/candidate.ts";
import { evaluateRisk } from "../../../src/domain/risk/chain.ts";
import { buildLimitTable } from "../../../src/domain/risk/limit-table.ts";
import type { ConfigRow, OverrideRow } from "../../../src/domain/risk/limit-table.ts";
import type { TradingStateRow } from "../../../src/domain/trading-state.ts";
import {
  AAPL,
  ACCOUNT_ID,
  BTC,
  d,
  decimalOf,
  INSTRUMENTS,
  MSFT,
  NOW,
  NYSE_AAPL,
  SAMSUNG,
  terms,
} from "./market.ts";
import type { Wish } from "./market.ts";

export { AAPL, ACCOUNT_ID, d, MSFT, NYSE_AAPL, stock, terms } from "./market.ts";
export type { Wish } from "./market.ts";

const ACCOUNT: Account = {
  id: ACCOUNT_ID,
  broker: "alpaca",
  environment: "mock",
  currency: "USD",
  dayZone: "America/New_York",
  dayRoll: "00:00",
};

const TRAITS: BrokerTraits = {
  name: "alpaca",
  referenceUnique: "forever",
  findsByReference: true,
  longestFlightMs: 30_000,
  lookupsBeforeNeverArrived: 3,
  makesExitLegs: true,
  canReplace: true,
  quietOrderMs: 60_000,
  reference: (orderId, generation) => asId<BrokerReference>(`${orderId}.${generation}`),
};

export interface Asked extends Wish, Partial<Omit<Candidate, "terms" | "instrument" | "context">> {
  readonly of?: InstrumentId;
}

export class World {
  readonly book: Book = createBook(0);
  readonly account: AccountBook;
  readonly marks = new MarkTable();
  readonly #instruments = new Map(INSTRUMENTS.map((one) => [one.id, one]));
  readonly #settings = new Map<LimitKey, ConfigRow>();
  readonly #overrides: OverrideRow[] = [];
  readonly #states: TradingStateRow[] = [];
  readonly rates = new Map<string, Decimal>();
  calendar = NO_OVERRIDES;
  now = NOW;
  #limits: LimitTable | null = null;
  #version = 0;
  #orders = 0;

  constructor(account: AccountBook = createAccountBook(ACCOUNT)) {
    this.account = account;
    this.book.accounts.set(ACCOUNT_ID, account);
  }

  /** 100,000 of equity, a day that has begun, and a price for everything. */
  static ready(account?: AccountBook): World {
    const world = new World(account);
    world.observe("100000");
    world.startDay();
    for (const id of [AAPL, MSFT, NYSE_AAPL]) world.price(id, "100");
    world.price(BTC, "50000");
    world.price(SAMSUNG, "70000");
    return world;
  }

  /** Every limit off, so that the one under test is the only one that can refuse. */
  static bare(account?: AccountBook): World {
    const world = World.ready(account);
    for (const [key, { kind, required }] of definitions()) {
      if (kind === "switch" || kind === "choice" || required === true) continue;
      world.set(key, null);
    }
    for (const key of ["check_wash_trade", "check_buying_power"] as const) world.set(key, "false");
    world.set("allow_short", "true");
    return world;
  }

  apply(event: DomainEvent): void {
    applyEvent(this.book, { accountId: ACCOUNT_ID, at: this.now, event });
  }

  observe(
    equity: string,
    more: { buyingPower?: string; nonMarginable?: string | null } = {},
  ): void {
    const nonMarginable = more.nonMarginable === undefined ? equity : more.nonMarginable;
    this.apply({
      type: "AccountObserved",
      equity: d(equity),
      cash: d(equity),
      buyingPower: d(more.buyingPower ?? equity),
      nonMarginableBuyingPower: decimalOf(nonMarginable),
      shortingEnabled: true,
      asOf: this.now,
    });
  }

  startDay(): void {
    this.apply({
      type: "TradingDayStarted",
      date: "2026-06-09",
      equityBaseline: d("100000"),
      realizedBaseline: Decimal.ZERO,
      unrealizedBaseline: Decimal.ZERO,
    });
  }

  price(id: InstrumentId, last: string | null, more: Partial<Mark> = {}): void {
    const price = decimalOf(last);
    this.marks.put({
      instrumentId: id,
      bid: price,
      ask: price,
      last: price,
      at: this.now,
      ...more,
    });
  }

  instrument(id: InstrumentId, changes: Partial<Instrument>): void {
    const known = this.#instruments.get(id);
    if (known !== undefined) this.#instruments.set(id, { ...known, ...changes });
  }

  /** As an operator would: a value, null for off. */
  set(key: LimitKey, value: string | null, more: { hard?: boolean; shadow?: boolean } = {}): void {
    const { hard = false, shadow = false } = more;
    this.#settings.set(key, { key, value, hard, shadow });
    this.#limits = null;
  }

  override(
    row: Partial<OverrideRow> & { readonly key: LimitKey; readonly value: string | null },
  ): void {
    this.#overrides.push({ accountId: null, symbol: null, strategyId: null, hard: false, ...row });
    this.#limits = null;
  }

  stop(row: Partial<TradingStateRow> & Pick<TradingStateRow, "state">): void {
    this.#states.push({ accountId: null, strategyId: null, reason: "test", ...row });
  }

  hold(id: InstrumentId, quantity: string, price: string, strategyId: string | null = null): void {
    this.#orders += 1;
    this.apply({
      type: "PositionAdjusted",
      adjustment: {
        id: `opening-${this.#orders}`,
        kind: "opening_balance",
        instrumentId: id,
        strategyId: strategyId === null ? null : asId<StrategyId>(strategyId),
        quantity: d(quantity),
        price: d(price),
        amount: Decimal.ZERO,
        source: "test",
        at: this.now,
      },
    });
  }

  /** A pending order of ours; see `submit`, `accept`, `fill` for what happens to it. */
  place(id: InstrumentId, wish: Wish, more: Partial<OrderSpec> = {}): OrderId {
    this.#orders += 1;
    const orderId = asId<OrderId>(`order-${this.#orders}`);
    const order: OrderSpec = {
      id: orderId,
      accountId: ACCOUNT_ID,
      instrumentId: id,
      strategyId: null,
      signalId: null,
      commandId: null,
      parentId: null,
      role: "entry",
      linkGroup: null,
      reducesPosition: false,
      waitsFor: [],
      terms: terms(wish),
      receivedAt: this.now,
      validUntil: null,
      ...more,
    };
    this.apply({ type: "OrderPlaced", orderId, order });
    return orderId;
  }

  submit(orderId: OrderId): void {
    const reference = asId<BrokerReference>(`${orderId}.1`);
    this.apply({
      type: "OrderSubmitted",
      orderId,
      generation: 1,
      reference,
      verdicts: null,
      mark: null,
    });
  }

  accept(orderId: OrderId): void {
    this.submit(orderId);
    const brokerOrderId = asId<BrokerOrderId>(`broker-${orderId}`);
    this.apply({ type: "OrderAccepted", orderId, brokerOrderId, brokerAt: this.now });
  }

  /** Works at the broker. */
  work(id: InstrumentId, wish: Wish, more: Partial<OrderSpec> = {}): OrderId {
    const orderId = this.place(id, wish, more);
    this.accept(orderId);
    return orderId;
  }

  fill(orderId: OrderId, quantity: string, price: string): void {
    this.#orders += 1;
    this.apply({
      type: "OrderExecuted",
      orderId,
      execution: {
        id: asId<ExecutionId>(`execution-${this.#orders}`),
        orderId,
        brokerOrderId: null,
        quantity: d(quantity),
        price: d(price),
        cumulativeQuantity: null,
        fee: Decimal.ZERO,
        feeInAsset: Decimal.ZERO,
        executedAt: this.now,
        source: "stream",
      },
    });
  }

  /** An order of the account that is not ours. */
  foreign(id: InstrumentId | null, wish: Wish & { readonly unknownSide?: boolean }): BrokerOrderId {
    this.#orders += 1;
    const brokerOrderId = asId<BrokerOrderId>(`foreign-${this.#orders}`);
    const asked = terms(wish);
    const snapshot: BrokerOrderSnapshot = {
      brokerOrderId,
      reference: null,
      symbol: id ?? "?",
      instrumentId: id,
      side: wish.unknownSide === true ? null : asked.side,
      type: asked.type,
      timeInForce: asked.timeInForce,
      quantity: asked.quantity,
      notional: asked.notional,
      limitPrice: asked.limitPrice,
      stopPrice: asked.stopPrice,
      status: "accepted",
      filledQuantity: Decimal.ZERO,
      averagePrice: null,
      replacedBy: null,
      replaces: null,
      legs: [],
      submittedAt: this.now,
      updatedAt: this.now,
      message: null,
    };
    this.apply({ type: "ExternalOrderSeen", snapshot });
    return brokerOrderId;
  }

  get limits(): LimitTable {
    if (this.#limits !== null) return this.#limits;
    this.#version += 1;
    const built = buildLimitTable(this.#version, [...this.#settings.values()], this.#overrides);
    if (!built.ok) throw new Error(built.problems.join("; "));
    return (this.#limits = built.table);
  }

  get context(): Context {
    return {
      now: this.now,
      limits: this.limits,
      trading: { version: 1, rows: this.#states },
      marks: this.marks,
      rates: { rate: (from, to) => this.rates.get(`${from}/${to}`) ?? null },
      calendar: this.calendar,
      instrument: (id) => this.#instruments.get(id),
      broker: () => ({ traits: TRAITS, tokens: 100, up: true }),
    };
  }

  candidate(asked: Asked): Candidate {
    const { of = AAPL, ...more } = asked;
    const instrument = this.#instruments.get(of);
    if (instrument === undefined) throw new Error(`no instrument ${of}`);
    return {
      account: this.account,
      instrument,
      strategyId: null,
      terms: terms(asked),
      placedOrderId: null,
      siblings: [],
      receivedAt: this.now,
      validUntil: null,
      onMarketClosed: null,
      heldByPolicy: false,
      context: this.context,
      ...only(more, CANDIDATE_FIELDS),
    };
  }

  ask(asked: Asked): RiskAnswer {
    return evaluateRisk(this.candidate(asked));
  }

  /** What one rule says of an order. */
  verdict(rule: RuleCode, asked: Asked): Verdict {
    const found = this.ask(asked).verdicts.find((verdict) => verdict.rule === rule);
    if (found === undefined) throw new Error(`no verdict of ${rule}`);
    return found;
  }
}

function definitions(): readonly (readonly [LimitKey, LimitDefinition])[] {
  // The keys of a constant table are its own type's keys.
  return Object.entries(LIMIT_DEFINITIONS) as unknown as readonly [LimitKey, LimitDefinition][];
}

const CANDIDATE_FIELDS = [
  "account",
  "strategyId",
  "placedOrderId",
  "siblings",
  "preceding",
  "waitsFor",
  "receivedAt",
  "validUntil",
  "onMarketClosed",
  "heldByPolicy",
] as const;

function only<Fields extends object, Key extends keyof Fields>(
  fields: Fields,
  keys: readonly Key[],
): Partial<Pick<Fields, Key>> {
  const kept: Partial<Pick<Fields, Key>> = {};
  for (const key of keys) if (fields[key] !== undefined) kept[key] = fields[key];
  return kept;
}
