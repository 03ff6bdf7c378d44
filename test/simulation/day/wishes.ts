// Every kind of order that Alpaca takes, drawn by chance at prices around the market of the moment.
import { Decimal } from "../../../src/domain/decimal.ts";
import type { Instrument } from "../../../src/domain/instrument.ts";
import { tickAt } from "../../../src/domain/instrument.ts";
import type { OrderTerms, Side } from "../../../src/domain/order/spec.ts";
import type { Signal } from "../../../src/domain/signal.ts";
import type { Random } from "../random.ts";
import { MARKET } from "../wishes.ts";

export interface Situation {
  readonly random: Random;
  readonly instrument: Instrument;
  readonly bid: Decimal;
  readonly ask: Decimal;
  /** What the account holds of it. */
  readonly held: Decimal;
  /** The opening auction is still to come, and takes orders of its own. */
  readonly beforeTheBell: boolean;
}

type Terms = Partial<OrderTerms>;
type Kind = (situation: Situation, side: Side) => Terms;

/** The market moved by so many hundredths of a percent, on a tick. */
function near({ instrument, bid, ask }: Situation, side: Side, basisPoints: number): Decimal {
  const from = side === "buy" ? ask : bid;
  const moved = from.times(
    Decimal.ofInteger(10_000 + basisPoints).dividedBy(TEN_THOUSAND, 4, "down"),
  );
  const step = tickAt(instrument, moved);
  // Pairs have steps finer than anyone writes down.
  const unit = Decimal.max(step, instrument.assetClass === "crypto" ? MICRO : step);
  return moved.dividedBy(unit, 0, "down").times(unit);
}
const TEN_THOUSAND = Decimal.ofInteger(10_000);
const MICRO = Decimal.of("0.000001");

/** Towards the other side of the market: a limit there trades at once. */
const through = (side: Side): number => (side === "buy" ? 5 : -5);
/** Away from it: a limit there rests, a stop there waits on the other side. */
const away = (side: Side, by: number): number => (side === "buy" ? -by : by);

const STOCK_KINDS: readonly (readonly [weight: number, kind: Kind])[] = [
  [14, () => ({})],
  [3, () => ({ timeInForce: "ioc" })],
  [3, () => ({ timeInForce: "fok" })],
  [2, () => ({ timeInForce: "cls" })],
  [8, (at, side) => limit(at, side, through(side))],
  [8, (at, side) => limit(at, side, away(side, 10))],
  [4, (at, side) => ({ ...limit(at, side, away(side, 60)), timeInForce: "gtc" })],
  [3, (at, side) => ({ ...limit(at, side, through(side)), timeInForce: "ioc" })],
  [2, (at, side) => ({ ...limit(at, side, through(side)), timeInForce: "fok" })],
  [1, (at, side) => ({ ...limit(at, side, through(side)), timeInForce: "cls" })],
  [1, (at, side) => ({ ...limit(at, side, through(side)), extendedHours: true })],
  [4, (at, side) => ({ type: "stop", stopPrice: near(at, side, away(side, -15)) })],
  [3, (at, side) => ({ ...stopLimit(at, side), timeInForce: "gtc" })],
  [2, () => ({ type: "trailing_stop", trailPercent: Decimal.of("0.2") })],
  [2, ({ bid }) => ({ type: "trailing_stop", trailPrice: bid.dividedBy(TWO_HUNDRED, 2, "up") })],
  [2, () => ({ quantity: null, notional: Decimal.of("750.25") })],
  [2, () => ({ quantity: Decimal.of("1.234567891") })],
  [4, (at, side) => ({ timeInForce: "gtc", exits: exitsOf(at, side, true) })],
  [2, (at, side) => ({ timeInForce: "day", exits: exitsOf(at, side, false) })],
  [4, exitAlone],
];
const AUCTION_KINDS: readonly (readonly [weight: number, kind: Kind])[] = [
  [3, () => ({ timeInForce: "opg" })],
  [2, (at, side) => ({ ...limit(at, side, through(side)), timeInForce: "opg" })],
  [1, (at, side) => ({ ...limit(at, side, away(side, 60)), timeInForce: "opg" })],
];
/** Of what is asked for before the bell; later one in a hundred comes too late, and is refused. */
const AUCTION_SHARE = { before: 0.5, after: 0.01 };
const TEN = Decimal.ofInteger(10);
const TWO_HUNDRED = Decimal.ofInteger(200);

const PAIR_KINDS: readonly (readonly [weight: number, kind: Kind])[] = [
  [4, () => ({ timeInForce: "gtc" })],
  [2, () => ({ timeInForce: "ioc" })],
  [3, (at, side) => ({ ...limit(at, side, through(side)), timeInForce: "gtc" })],
  [3, (at, side) => ({ ...limit(at, side, away(side, 20)), timeInForce: "gtc" })],
  [1, (at, side) => ({ ...limit(at, side, through(side)), timeInForce: "ioc" })],
  [2, (at, side) => ({ ...stopLimit(at, side), timeInForce: "gtc" })],
  [1, () => ({ quantity: null, notional: Decimal.of("321.12"), timeInForce: "gtc" })],
];

export function wishOf(at: Situation): Signal["wish"] {
  const { random, instrument } = at;
  const isStock = instrument.assetClass === "stock";
  if (isStock && random.chance(0.04)) {
    const { side: _side, quantity: _quantity, notional: _notional, ...open } = MARKET;
    const target = Decimal.ofInteger(random.between(-60, 120));
    return { kind: "position", target, terms: open };
  }
  // Mostly back towards flat, so that a day of it does not end in one huge holding.
  const back: Side = at.held.isPositive() ? "sell" : "buy";
  const side = random.chance(0.55) ? back : random.pick(["buy", "sell"] as const);
  const kind = drawn(random, kindsFor(at));
  const terms = { ...MARKET, side, quantity: quantityOf(at, side), ...kind(at, side) };
  return { kind: "trade", terms };
}

function kindsFor({ random, instrument, beforeTheBell }: Situation): typeof STOCK_KINDS {
  if (instrument.assetClass === "crypto") return PAIR_KINDS;
  const share = beforeTheBell ? AUCTION_SHARE.before : AUCTION_SHARE.after;
  return random.chance(share) ? AUCTION_KINDS : STOCK_KINDS;
}

/** A sale of something held asks for no more than that: going short is a decision of its own. */
function quantityOf({ random, instrument, held }: Situation, side: Side): Decimal {
  if (instrument.assetClass === "crypto") {
    const some = Decimal.of("0.01").times(Decimal.ofInteger(random.between(1, 30)));
    return side === "sell" && held.isPositive() ? Decimal.min(some, held) : some;
  }
  const some = Decimal.ofInteger(random.between(1, 60));
  const free = held.abs().round(0, "down");
  const lowers = side === "sell" ? held.isPositive() : held.isNegative();
  return lowers && free.isPositive() ? Decimal.min(some, free) : some;
}

function limit(at: Situation, side: Side, basisPoints: number): Terms {
  return { type: "limit", limitPrice: near(at, side, basisPoints) };
}

function stopLimit(at: Situation, side: Side): Terms {
  return {
    type: "stop_limit",
    stopPrice: near(at, side, away(side, -15)),
    limitPrice: near(at, side, away(side, -25)),
  };
}

function exitsOf(at: Situation, side: Side, both: boolean): OrderTerms["exits"] {
  const stopPrice = near(at, side, away(side, 30));
  return {
    takeProfit: both ? { limitPrice: near(at, side, away(side, -30)) } : null,
    stopLoss: { stopPrice, limitPrice: null },
  };
}

/** The two exits of what is held; of nothing they are refused, which is a case of its own. */
function exitAlone(at: Situation): Terms {
  const side: Side = at.held.isNegative() ? "buy" : "sell";
  const whole = at.held.abs().round(0, "down");
  const limitPrice = near(at, side, away(side, 30));
  const stopPrice = near(at, side, away(side, -30));
  return {
    side,
    quantity: whole.isPositive() ? Decimal.min(whole, TEN) : TEN,
    type: "limit",
    timeInForce: "gtc",
    limitPrice,
    exits: {
      alone: true,
      // The order itself takes the profit.
      takeProfit: null,
      stopLoss: { stopPrice, limitPrice: null },
    },
  };
}

function drawn(random: Random, kinds: readonly (readonly [number, Kind])[]): Kind {
  let left = random.next() * kinds.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, kind] of kinds) {
    left -= weight;
    if (left < 0) return kind;
  }
  return () => ({});
}
