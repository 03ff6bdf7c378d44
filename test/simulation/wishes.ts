// What the people of a run ask for, drawn by chance: trades of every kind and commands about them.
import type { CommandRequest } from "../../src/domain/command.ts";
import { Decimal } from "../../src/domain/decimal.ts";
import type { AccountId } from "../../src/domain/ids.ts";
import type { OrderTerms, Side, TermsChange } from "../../src/domain/order/spec.ts";
import type { OrderState } from "../../src/domain/order/state.ts";
import type { Signal } from "../../src/domain/signal.ts";
import type { Random } from "./random.ts";
import { INSTRUMENTS } from "./world.ts";

const CHEAP = Decimal.of("90");
const FAIR = Decimal.of("100");
const DEAR = Decimal.of("110");
const [NEVER_LOW, NEVER_HIGH] = [Decimal.of("70"), Decimal.of("130")];

export function wishOf(random: Random): Signal["wish"] {
  if (random.chance(0.1)) {
    const { side: _side, quantity: _quantity, notional: _notional, ...open } = MARKET;
    const target = Decimal.ofInteger(random.between(-80, 80));
    return { kind: "position", target, terms: open };
  }
  return { kind: "trade", terms: termsOf(random) };
}

function termsOf(random: Random): OrderTerms {
  const side = random.pick(["buy", "sell"] as const);
  const quantity = Decimal.ofInteger(random.between(1, 60));
  const terms = { ...MARKET, side, quantity };
  const style = random.next();
  if (style < 0.55) return terms;
  if (style < 0.7) return { ...terms, type: "limit", limitPrice: FAIR };
  if (style < 0.82) {
    const away = side === "buy" ? CHEAP : DEAR;
    const timeInForce = random.pick(["day", "gtc", "ioc"] as const);
    return { ...terms, type: "limit", limitPrice: away, timeInForce };
  }
  if (style < 0.9) {
    return { ...terms, type: "stop", stopPrice: side === "buy" ? DEAR : CHEAP };
  }
  const [above, below] = side === "buy" ? [DEAR, CHEAP] : [CHEAP, DEAR];
  return {
    ...terms,
    timeInForce: "gtc",
    exits: {
      takeProfit: { limitPrice: above },
      stopLoss: random.chance(0.7) ? { stopPrice: below, limitPrice: null } : null,
    },
  };
}

/** At the market's price, in pieces, over seconds. */
export function fillsInPieces(random: Random): OrderTerms {
  const side = random.pick(["buy", "sell"] as const);
  const quantity = Decimal.ofInteger(random.between(20, 60));
  return { ...MARKET, side, quantity, type: "limit", limitPrice: FAIR };
}

/** So far from the market's price that it waits for longer than the run lasts; too small to turn a position. */
export function waits(random: Random): OrderTerms {
  const side = random.pick(["buy", "sell"] as const);
  const limitPrice = farPrice(random, side);
  return { ...MARKET, side, type: "limit", timeInForce: "gtc", limitPrice };
}

/** Where nothing ever comes. */
export function farPrice(random: Random, side: Side): Decimal {
  const cents = Decimal.of("0.01").times(Decimal.ofInteger(random.between(0, 99)));
  return (side === "buy" ? NEVER_LOW : NEVER_HIGH).plus(cents);
}

/** Mostly another quantity, above what is filled as far as anybody knows. */
export function changeAbove(random: Random, filled: Decimal): TermsChange {
  const more = random.chance(0.3) ? random.between(1, 3) : random.between(1, 40);
  const quantity = filled.plus(Decimal.ofInteger(more));
  if (random.chance(0.7)) return { quantity };
  const limitPrice = random.pick([Decimal.of("99.99"), FAIR, Decimal.of("100.01")]);
  return random.chance(0.5) ? { limitPrice } : { limitPrice, quantity };
}

/** One at the market: what other wishes differ from. */
export const MARKET: OrderTerms = {
  side: "buy",
  type: "market",
  timeInForce: "day",
  quantity: Decimal.ONE,
  notional: null,
  limitPrice: null,
  stopPrice: null,
  trailPrice: null,
  trailPercent: null,
  extendedHours: false,
  postOnly: false,
  exits: null,
};

export interface LastSignal {
  readonly signal: Omit<Signal, "number">;
  readonly number: number;
}

/** What an operator asks of one account; null when there is nothing to ask about. */
export function requestOf(
  random: Random,
  orders: readonly OrderState[],
  last: LastSignal | undefined,
): CommandRequest | null {
  const instrumentId = random.pick(INSTRUMENTS).id;
  const open = orders.filter(({ closedAt }) => closedAt === null);
  const pool = open.length > 0 && random.chance(0.8) ? open : orders;
  const kind = random.pick(["cancel", "cancel_all", "close", "replace", "replace", "take_back"]);
  if (kind === "cancel_all") {
    return { kind: "cancel_orders", filter: { instrumentId, strategyId: null, side: null } };
  }
  if (kind === "close") return { kind: "close_position", instrumentId, quantity: null };
  if (kind === "take_back") return takeBack(last);
  if (pool.length === 0) return null;
  const { id: orderId, terms } = random.pick(pool);
  if (kind === "cancel") return { kind: "cancel_order", orderId };
  return { kind: "replace_order", orderId, change: changeOf(random, terms) };
}

function changeOf(random: Random, terms: OrderTerms): TermsChange {
  if (terms.limitPrice !== null && random.chance(0.4)) return { limitPrice: FAIR };
  return { quantity: Decimal.ofInteger(random.between(1, 60)) };
}

function takeBack(last: LastSignal | undefined): CommandRequest | null {
  if (last === undefined) return null;
  const { id: signalId, instrumentId, strategyId } = last.signal;
  return { kind: "take_back_signal", signalId, number: last.number, instrumentId, strategyId };
}

export const ownersOf = (orders: Iterable<OrderState>, accountId: AccountId): OrderState[] =>
  [...orders].filter((order) => order.accountId === accountId);
