// Everything the matching core knows, and the record of what a step changed. The functions around it
// change it; nothing here decides.
import type { Decimal } from "../../domain/decimal.ts";
import type { IdSource, RandomStream } from "../random.ts";
import type { SessionDay, SessionSource, SessionState } from "../session.ts";
import type { Account, Position } from "./account.ts";
import type { Asset } from "./asset.ts";
import { Book } from "./book.ts";
import type { Entry, EntryNews } from "./entry.ts";
import { EntryStore } from "./entry.ts";
import { ExecutionStore } from "./execution-store.ts";
import type { Execution, Micros, Order, Role, Side } from "./order.ts";
import { OrderStore } from "./order-store.ts";
import type { Policy } from "./policy.ts";

export interface Quote {
  readonly bid: Decimal;
  readonly ask: Decimal;
  readonly bidSize: Decimal;
  readonly askSize: Decimal;
  readonly last: Decimal;
  /** Grows with each quote of the symbol: sizes are new again. */
  readonly sequence: number;
}

export type UpdateEvent =
  | "accepted"
  | "pending_new"
  | "new"
  | "partial_fill"
  | "fill"
  | "pending_cancel"
  | "canceled"
  | "expired"
  | "pending_replace"
  | "replaced"
  | "rejected"
  | "order_cancel_rejected"
  | "order_replace_rejected"
  | "trade_bust"
  | "trade_correct"
  | "restated";

/** Told while the order is in the state that the event speaks of. */
export interface Update {
  readonly event: UpdateEvent;
  readonly order: Order;
  readonly execution: Execution | null;
  readonly executionId: string | null;
  readonly at: Micros;
}

/** An entry with its exits, or two exits that cancel each other. */
export interface Group {
  readonly id: string;
  readonly kind: "bracket" | "oco" | "oto";
  readonly members: Partial<Record<Role, Order>>;
}

export interface Scheduled {
  readonly dueAt: Micros;
  readonly kind: "route" | "finish_cancel" | "finish_replace";
  readonly order: Order;
}

export interface Changes {
  readonly orders: Set<Order>;
  readonly accounts: Set<Account>;
  readonly positions: Set<Position>;
  readonly executions: Execution[];
  readonly entries: Entry[];
}

function noChanges(): Changes {
  return {
    orders: new Set(),
    accounts: new Set(),
    positions: new Set(),
    executions: [],
    entries: [],
  };
}

export interface WorldParts {
  readonly assets: ReadonlyMap<string, Asset>;
  readonly sessions: SessionSource;
  readonly ids: IdSource;
  readonly random: RandomStream;
  readonly policy: Policy;
  readonly observe: (update: Update) => void;
  readonly observeEntry: (news: EntryNews) => void;
}

export class World {
  readonly assets: ReadonlyMap<string, Asset>;
  readonly sessions: SessionSource;
  readonly ids: IdSource;
  readonly random: RandomStream;
  readonly policy: Policy;
  readonly #observe: (update: Update) => void;
  readonly #observeEntry: (news: EntryNews) => void;

  readonly accounts = new Map<string, Account>();
  readonly orders: OrderStore;
  readonly executions = new ExecutionStore();
  readonly entries = new EntryStore();
  readonly groups = new Map<string, Group>();
  readonly books = new Map<string, Book>();
  readonly quotes = new Map<string, Quote>();
  /** The last price of the trading day before, per symbol. */
  readonly closes = new Map<string, Decimal>();
  /** Stock orders that wait for a session they may trade in. */
  readonly queue = new Set<Order>();
  /** Ascending by due time. */
  readonly scheduled: Scheduled[] = [];
  changes: Changes = noChanges();

  /** The instant of the step being taken, in milliseconds. */
  now = 0;
  session: SessionState = {
    phase: "closed",
    phaseUntil: 0,
    tradingDay: "1970-01-01",
    isMarketDay: false,
    nextOpen: 0,
    nextClose: 0,
  };
  /** The trading days that orders sent now may fall on; refreshed when the phase turns. */
  days: readonly SessionDay[] = [];
  #micros: Micros = 0;
  readonly #shared = new Map<string, { readonly sequence: number; readonly size: Decimal }>();

  constructor(parts: WorldParts) {
    this.assets = parts.assets;
    this.orders = new OrderStore(parts.assets);
    this.sessions = parts.sessions;
    this.ids = parts.ids;
    this.random = parts.random;
    this.policy = parts.policy;
    this.#observe = parts.observe;
    this.#observeEntry = parts.observeEntry;
  }

  /** A new microsecond: no two stamps are equal, so that order by time is order. */
  stamp(): Micros {
    this.#micros = Math.max(this.#micros + 1, this.now * 1000);
    return this.#micros;
  }

  get lastStamp(): Micros {
    return this.#micros;
  }

  /** After reading a ledger back, time goes on behind what it holds. */
  stampAfter(micros: Micros): void {
    this.#micros = Math.max(this.#micros, micros);
  }

  book(symbol: string): Book {
    let book = this.books.get(symbol);
    if (book === undefined) {
      book = new Book();
      this.books.set(symbol, book);
    }
    return book;
  }

  account(id: string): Account {
    const account = this.accounts.get(id);
    if (account === undefined)
      throw new Error(`an order names account ${id}, which does not exist`);
    return account;
  }

  /** Notes that an order changed, and tells whoever listens. */
  tell(event: UpdateEvent, order: Order, execution: Execution | null = null): void {
    this.changes.orders.add(order);
    const executionId = execution?.id ?? (event === "pending_new" ? null : this.ids.next());
    this.#observe({ event, order, execution, executionId, at: order.updatedAt });
  }

  /** Notes an entry of an account, new or changed, and tells whoever listens. */
  enter(news: EntryNews): void {
    this.entries.put(news.entry);
    this.changes.entries.push(news.entry);
    this.#observeEntry(news);
  }

  schedule(kind: Scheduled["kind"], order: Order, delayMs: number): void {
    const dueAt = (this.now + delayMs) * 1000;
    let index = this.scheduled.length;
    while (index > 0 && (this.scheduled[index - 1]?.dueAt ?? 0) > dueAt) index -= 1;
    this.scheduled.splice(index, 0, { dueAt, kind, order });
  }

  /** A step that will never come: the venue has lost it. */
  forget(kind: Scheduled["kind"], order: Order): void {
    const index = this.scheduled.findIndex((step) => step.kind === kind && step.order === order);
    if (index >= 0) this.scheduled.splice(index, 1);
  }

  /** What is left of a quote's displayed size when all orders share it. */
  sharedSize(symbol: string, side: Side, quote: Quote): Decimal {
    const left = this.#shared.get(`${symbol}/${side}`);
    if (left !== undefined && left.sequence === quote.sequence) return left.size;
    return side === "buy" ? quote.askSize : quote.bidSize;
  }

  takeShared(symbol: string, side: Side, quote: Quote, quantity: Decimal): void {
    const size = this.sharedSize(symbol, side, quote).minus(quantity);
    this.#shared.set(`${symbol}/${side}`, { sequence: quote.sequence, size });
  }

  rememberCloses(): void {
    for (const [symbol, quote] of this.quotes) this.closes.set(symbol, quote.last);
  }

  takeChanges(): Changes {
    const changes = this.changes;
    this.changes = noChanges();
    return changes;
  }
}
