// From a parsed request to the signal that the worker reads: the account and the instrument found, the
// defaults filled in, the sender's own limits kept.
import type { Account } from "../domain/book.ts";
import { asId, type SignalId, type StrategyId } from "../domain/ids.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { AttachedExits, OrderTerms } from "../domain/order/spec.ts";
import type { Signal } from "../domain/signal.ts";
import type { Directory } from "./directory.ts";
import { requireCap, type Priced } from "./key-cap.ts";
import type { Measure, MeasureOf } from "./measure.ts";
import { requireAccount, requireOwn, requireStrategy, type Sender } from "./sender.ts";
import { isPairOfExits, limitPriceOf, typeOf, type SignalRequest } from "./signal-request.ts";

/** Everything of a signal but when and as what it is accepted. */
export interface ComposedSignal {
  readonly account: Account;
  readonly instrument: Instrument;
  readonly strategyId: StrategyId | null;
  readonly wish: Signal["wish"];
  readonly reason: string | null;
  readonly validUntil: number | null;
  readonly onMarketClosed: "reject" | "queue" | null;
}

export function composeSignal(
  request: SignalRequest,
  sender: Sender,
  directory: Directory,
  measureOf: MeasureOf,
): ComposedSignal {
  const account = directory.account(request.account ?? null);
  requireAccount(sender, account.id);
  const strategy = request.strategy ?? null;
  requireStrategy(sender, strategy);
  const instrument = directory.resolve(account, request.symbol);
  requireOwn(sender, { strategy, symbol: instrument.symbol });
  const wish = wishOf(request, instrument);
  const strategyId = strategy === null ? null : asId<StrategyId>(strategy);
  const holding = { accountId: account.id, instrumentId: instrument.id, strategyId };
  requireCapOn(wish, sender, measureOf(holding));
  return {
    account,
    instrument,
    strategyId,
    wish,
    reason: request.reason ?? null,
    validUntil: request.valid_until ?? null,
    onMarketClosed: request.on_market_closed ?? null,
  };
}

/** What a wish may be worth stays below the sender's own ceiling. */
export function requireCapOn(wish: Signal["wish"], sender: Sender, measure: Measure): void {
  requireCap(sender, pricedOf(wish, measure), measure.price);
}

export function signalOf(
  composed: ComposedSignal,
  accepted: {
    readonly id: string;
    readonly receivedAt: number;
    readonly actor: string;
    readonly traceParent: string | null;
  },
): Omit<Signal, "number"> {
  const { account, instrument, ...rest } = composed;
  return {
    id: asId<SignalId>(accepted.id),
    accountId: account.id,
    instrumentId: instrument.id,
    ...rest,
    receivedAt: accepted.receivedAt,
    actor: accepted.actor,
    traceParent: accepted.traceParent,
  };
}

function wishOf(request: SignalRequest, instrument: Instrument): Signal["wish"] {
  const terms: Omit<OrderTerms, "side" | "quantity" | "notional"> = {
    type: typeOf(request),
    timeInForce: request.time_in_force ?? (instrument.assetClass === "crypto" ? "gtc" : "day"),
    limitPrice: limitPriceOf(request),
    stopPrice: request.stop_price ?? null,
    trailPrice: request.trail_price ?? null,
    trailPercent: request.trail_percent ?? null,
    extendedHours: request.extended_hours ?? false,
    postOnly: false,
    exits: exitsOf(request),
  };
  if (request.position != null) return { kind: "position", target: request.position, terms };
  return {
    kind: "trade",
    terms: {
      // The schema's rules between fields have made sure of the side.
      side: request.side ?? "buy",
      quantity: request.qty ?? null,
      notional: request.notional ?? null,
      ...terms,
    },
  };
}

function exitsOf(request: SignalRequest): AttachedExits | null {
  const { take_profit, stop_loss } = request;
  if (take_profit == null && stop_loss == null) return null;
  const stopLoss =
    stop_loss == null
      ? null
      : { stopPrice: stop_loss.stop_price, limitPrice: stop_loss.limit_price ?? null };
  if (isPairOfExits(request)) return { takeProfit: null, stopLoss, alone: true };
  const takeProfit = take_profit == null ? null : { limitPrice: take_profit.limit_price };
  return { takeProfit, stopLoss };
}

/** Of a position it is the way there that is traded, through zero as well: never what is left to hold. */
function pricedOf(wish: Signal["wish"], { held }: Measure): Priced {
  const { limitPrice, stopPrice } = wish.terms;
  const prices = { limitPrice, stopPrice };
  if (wish.kind === "position") {
    return {
      ...prices,
      side: null,
      quantity: held === null ? null : wish.target.minus(held).abs(),
      notional: null,
      field: "position",
    };
  }
  const { side, quantity, notional } = wish.terms;
  return { ...prices, side, quantity, notional, field: notional === null ? "qty" : "notional" };
}
