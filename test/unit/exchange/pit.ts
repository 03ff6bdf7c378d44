// A trading pit for tests: an exchange without a network, on a clock and on prices moved by hand.
import { Decimal } from "../../../src/domain/decimal.ts";
import { ManualClock } from "../../../src/exchange/clock.ts";
import type { Account } from "../../../src/exchange/core/account.ts";
import type { NewOrder, Order } from "../../../src/exchange/core/order.ts";
import type { Refusal } from "../../../src/exchange/core/refusal.ts";
import { Exchange } from "../../../src/exchange/exchange.ts";
import type { SessionMode } from "../../../src/exchange/session-switch.ts";
import { SessionSwitch } from "../../../src/exchange/session-switch.ts";
import { noMishap } from "../../support/no-mishap.ts";

/** A Monday in July, 11 in the morning in New York. */
export const MONDAY = Date.parse("2026-07-06T15:00:00Z");
const NEVER_MS = 1e12;

export interface Show {
  readonly bid: string;
  readonly ask: string;
  readonly last?: string;
  readonly size?: string;
}

export interface Wish {
  readonly symbol?: string;
  readonly side?: NewOrder["side"];
  readonly type?: NewOrder["type"];
  readonly timeInForce?: NewOrder["timeInForce"];
  readonly orderClass?: NewOrder["orderClass"];
  readonly extendedHours?: boolean;
  readonly qty?: string | null;
  readonly notional?: string;
  readonly limit?: string;
  readonly stop?: string;
  readonly trail?: string;
  readonly trailPercent?: string;
  readonly takeProfit?: string;
  readonly stopLoss?: string;
  readonly stopLossLimit?: string;
  readonly clientOrderId?: string;
  readonly key?: string;
}

const number = (text: string | null | undefined): Decimal | null =>
  text === undefined || text === null ? null : Decimal.of(text);

export class Pit {
  readonly clock: ManualClock;
  readonly sessions: SessionSwitch;
  readonly exchange: Exchange;
  readonly events: string[] = [];

  constructor(
    options: {
      readonly session?: SessionMode;
      readonly at?: number;
      readonly seed?: string;
      /** Prices are left where the seed put them. */
      readonly asSeeded?: boolean;
    } = {},
  ) {
    this.clock = new ManualClock(options.at ?? MONDAY);
    this.sessions = new SessionSwitch(options.session ?? "open");
    this.exchange = new Exchange({
      seed: options.seed ?? "pit",
      clock: this.clock,
      sessions: this.sessions,
      tickMs: NEVER_MS,
      onMishap: noMishap,
    });
    this.exchange.listen(({ event, order, execution }) => {
      const traded = execution === null ? "" : ` ${execution.quantity}@${execution.price}`;
      this.events.push(`${order.clientOrderId.slice(0, 8)} ${event}${traded}`);
    });
    if (options.asSeeded !== true) this.show("AAPL", { bid: "200.00", ask: "200.02" });
  }

  /** One step of every price, whatever its session. */
  stepPrices(): void {
    const { feed, clock, mishaps } = this.exchange;
    feed.step(clock.now(), { moves: () => true, mishaps });
  }

  account(key = "a"): Account {
    const account = this.exchange.account(key);
    if (account === null) throw new Error("no account");
    return account;
  }

  show(symbol: string, { bid, ask, last, size }: Show): void {
    const walk = this.exchange.feed.walk(symbol);
    if (walk === undefined) throw new Error(`${symbol} is not listed`);
    const displayed = Decimal.of(size ?? "1000");
    walk.show({
      bid: Decimal.of(bid),
      ask: Decimal.of(ask),
      last: Decimal.of(last ?? ask),
      bidSize: displayed,
      askSize: displayed,
    });
    this.exchange.feed.publish(symbol, this.exchange.clock.now());
  }

  wish(wish: Wish): NewOrder {
    const symbol = wish.symbol ?? "AAPL";
    const asset = this.exchange.engine.world.assets.get(symbol);
    if (asset === undefined) throw new Error(`${symbol} is not listed`);
    const isLimit = wish.limit !== undefined || wish.orderClass === "oco";
    const type = wish.type ?? (isLimit ? "limit" : "market");
    const quantity = wish.notional === undefined ? (wish.qty ?? "10") : null;
    return {
      asset,
      side: wish.side ?? "buy",
      type,
      timeInForce: wish.timeInForce ?? (symbol.includes("/") ? "gtc" : "day"),
      orderClass: wish.orderClass ?? "simple",
      extendedHours: wish.extendedHours ?? false,
      quantity: number(quantity),
      notional: number(wish.notional),
      limitPrice: number(wish.limit ?? (wish.orderClass === "oco" ? wish.takeProfit : undefined)),
      stopPrice: number(wish.stop),
      trailPrice: number(wish.trail),
      trailPercent: number(wish.trailPercent),
      clientOrderId: wish.clientOrderId ?? null,
      takeProfit:
        wish.takeProfit === undefined ? null : { limitPrice: Decimal.of(wish.takeProfit) },
      stopLoss:
        wish.stopLoss === undefined
          ? null
          : { stopPrice: Decimal.of(wish.stopLoss), limitPrice: number(wish.stopLossLimit) },
    };
  }

  /** Sends an order that must be taken. */
  send(wish: Wish): Order {
    const { engine, clock } = this.exchange;
    const result = engine.submit(this.account(wish.key), this.wish(wish), clock.now());
    if (!result.ok) throw new Error(`refused: ${result.refusal.code}`);
    engine.settle(clock.now());
    return result.value;
  }

  /** Sends an order that must be refused. */
  refused(wish: Wish): Refusal["code"] {
    const { engine, clock } = this.exchange;
    const result = engine.submit(this.account(wish.key), this.wish(wish), clock.now());
    if (result.ok) throw new Error("taken");
    return result.refusal.code;
  }

  cancel(order: Order): Refusal["code"] | null {
    const { engine, clock } = this.exchange;
    const refusal = engine.cancel(order, clock.now());
    engine.settle(clock.now());
    return refusal?.code ?? null;
  }

  replace(
    order: Order,
    change: {
      readonly qty?: string;
      readonly limit?: string;
      readonly stop?: string;
      readonly trail?: string;
    },
  ): Order {
    const { engine, clock } = this.exchange;
    const result = engine.replace(
      this.exchange.engine.world.account(order.accountId),
      order,
      {
        clientOrderId: null,
        quantity: number(change.qty),
        limitPrice: number(change.limit),
        stopPrice: number(change.stop),
        trail: number(change.trail),
        timeInForce: null,
      },
      clock.now(),
    );
    if (!result.ok) throw new Error(`refused: ${result.refusal.code}`);
    engine.settle(clock.now());
    return result.value;
  }

  /** Lets time pass, as ticks of the exchange would. */
  pass(milliseconds: number): void {
    this.clock.advance(milliseconds);
    this.exchange.engine.settle(this.exchange.clock.now());
  }

  passTo(instant: string): void {
    this.pass(Date.parse(instant) - this.exchange.clock.now());
  }

  quantity(symbol: string, key = "a"): string {
    return this.account(key).positions.get(symbol)?.quantity.toString() ?? "0";
  }

  held(symbol: string, key = "a"): string {
    return this.account(key).positions.get(symbol)?.held.toString() ?? "0";
  }

  leg(order: Order, role: "take_profit" | "stop_loss"): Order {
    const group = this.exchange.engine.world.groups.get(order.groupId ?? "");
    const leg = group?.members[role];
    if (leg === undefined) throw new Error(`no ${role}`);
    return leg;
  }

  /** The events since the last time it was asked. */
  told(): readonly string[] {
    return this.events.splice(0);
  }
}
