// The matching core's front door. Every call is one step: it takes the time, changes the world, and
// leaves behind what changed. No I/O, no clock of its own, nothing asynchronous.
import { Decimal } from "../../domain/decimal.ts";
import type { Account, Configuration } from "./account.ts";
import { revalue } from "./account.ts";
import { finishCancel, requestCancel } from "./cancel.ts";
import { meetQuote } from "./match.ts";
import type { NewOrder, Order } from "./order.ts";
import type { Refusal, Result } from "./refusal.ts";
import { finishReplace, replace } from "./replace.ts";
import type { Replacement } from "./replace.ts";
import { route } from "./route.ts";
import { forceTurn, resumeSession, startSession, turnSessions } from "./session-turn.ts";
import { submit } from "./submit.ts";
import { meetTrade } from "./trigger.ts";
import type { Quote, Scheduled, WorldParts } from "./world.ts";
import { World } from "./world.ts";

export interface Opening {
  readonly cash: Decimal;
  readonly holdings: ReadonlyMap<string, Decimal>;
}

const CONFIGURATION: Configuration = {
  noShorting: false,
  suspendTrade: false,
  fractionalTrading: true,
  maxMarginMultiplier: "4",
  tradeConfirmEmail: "all",
  disableOvernightTrading: false,
  ptpNoExceptionEntry: false,
  maxOptionsTradingLevel: 2,
};

export class Engine {
  readonly world: World;

  constructor(parts: WorldParts, now: number) {
    this.world = new World(parts);
    startSession(this.world, now);
  }

  /** A new account with its opening balance, which costs what the market asks now. */
  openAccount(keyId: string, opening: Opening): Account {
    const { world } = this;
    const id = world.ids.next();
    const account: Account = {
      id,
      keyId,
      number: `PA${id.replaceAll("-", "").slice(0, 10).toUpperCase()}`,
      createdAt: world.stamp(),
      cash: opening.cash,
      positions: new Map(),
      reserved: Decimal.ZERO,
      lastEquity: opening.cash,
      configuration: { ...CONFIGURATION },
      open: new Map(),
      longStock: Decimal.ZERO,
      shortStock: Decimal.ZERO,
      crypto: Decimal.ZERO,
    };
    for (const [symbol, quantity] of opening.holdings) this.#endow(account, symbol, quantity);
    account.lastEquity = account.cash.plus(account.longStock).plus(account.crypto);
    world.accounts.set(id, account);
    world.changes.accounts.add(account);
    return account;
  }

  #endow(account: Account, symbol: string, quantity: Decimal): void {
    const asset = this.world.assets.get(symbol);
    const price = this.world.quotes.get(symbol)?.last;
    if (asset === undefined || price === undefined) return;
    const position = {
      accountId: account.id,
      asset,
      quantity,
      costBasis: quantity.times(price),
      held: Decimal.ZERO,
      marketValue: Decimal.ZERO,
    };
    account.positions.set(symbol, position);
    revalue(account, position, price);
    this.world.changes.positions.add(position);
  }

  submit(account: Account, request: NewOrder, now: number): Result<Order> {
    this.#at(now);
    return submit(this.world, account, request);
  }

  cancel(order: Order, now: number): Refusal | null {
    this.#at(now);
    return requestCancel(this.world, order);
  }

  replace(account: Account, order: Order, change: Replacement, now: number): Result<Order> {
    this.#at(now);
    return replace(this.world, account, order, change);
  }

  /** A new price: what waits in the book trades with it, stops wake, positions are valued. */
  quote(symbol: string, quote: Quote, now: number): void {
    this.#at(now);
    const { world } = this;
    world.quotes.set(symbol, quote);
    for (const account of world.accounts.values()) {
      const position = account.positions.get(symbol);
      if (position !== undefined) revalue(account, position, quote.last);
    }
    if (!this.#trades(symbol)) return;
    meetQuote(world, symbol, quote);
    meetTrade(world, symbol, quote.last);
    this.settle(now);
  }

  #trades(symbol: string): boolean {
    const asset = this.world.assets.get(symbol);
    return asset?.assetClass === "crypto" || this.world.session.phase !== "closed";
  }

  /** Does everything that is due: routing, late cancels and replaces, sessions, expiries. */
  settle(now: number): void {
    this.#at(now);
    const { scheduled } = this.world;
    for (;;) {
      const next = scheduled[0];
      if (next === undefined || next.dueAt > now * 1000) return;
      scheduled.shift();
      this.#run(next);
    }
  }

  /** Lets the venue act on its own at this instant. */
  intervene<Value>(now: number, act: (world: World) => Value): Value {
    this.#at(now);
    const value = act(this.world);
    this.settle(now);
    return value;
  }

  /** The session source has changed: what it says now holds from now on. */
  turnSession(now: number): void {
    this.world.now = now;
    forceTurn(this.world);
    this.settle(now);
  }

  /** After the ledger was read back: what ended or opened in the meantime. */
  resume(now: number): void {
    this.#at(now);
    resumeSession(this.world);
    this.settle(now);
  }

  #run(step: Scheduled): void {
    switch (step.kind) {
      case "route":
        route(this.world, step.order);
        return;
      case "finish_cancel":
        finishCancel(this.world, step.order);
        return;
      case "finish_replace":
        finishReplace(this.world, step.order);
    }
  }

  #at(now: number): void {
    if (now >= this.world.session.phaseUntil) turnSessions(this.world, now);
    this.world.now = now;
  }
}
