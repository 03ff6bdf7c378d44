// Closing what is held: resting orders in the way are cancelled first, and the close leaves when each
// of them is terminal (Alpaca-API#282: an open order holds the shares).
import type { Command } from "../command.ts";
import { Decimal } from "../decimal.ts";
import type { InstrumentId, OrderId } from "../ids.ts";
import type { Instrument } from "../instrument.ts";
import { deriveOrderId, MAX_ORDERS_PER_SOURCE } from "../order/derive.ts";
import type { OrderSpec, OrderTerms } from "../order/spec.ts";
import type { OrderState } from "../order/state.ts";
import { isTerminal } from "../order/status.ts";
import type { Verdict } from "../refusal.ts";
import type { RiskAnswer } from "../risk/candidate.ts";
import { sideOfChange } from "../signal.ts";
import { cancelOrder } from "./cancel.ts";
import { done, refused } from "./command-outcome.ts";
import type { CarriedOut, RequestOf } from "./command-outcome.ts";
import type { Draft } from "./draft.ts";
import { judge } from "./judge.ts";
import { heldBy } from "./plan.ts";
import { placeOrHold } from "./send.ts";

interface Close {
  readonly command: Command;
  /** Which order of the command this is. */
  readonly n: number;
  readonly instrumentId: InstrumentId;
  /** All of it when null. */
  readonly quantity: Decimal | null;
}

export function closeOne(
  draft: Draft,
  command: Command,
  request: RequestOf<"close_position">,
): CarriedOut {
  const { instrumentId, quantity } = request;
  return close(draft, { command, n: 1, instrumentId, quantity });
}

function close(draft: Draft, wanted: Close): CarriedOut {
  const { instrumentId } = wanted;
  const held = heldBy(draft, instrumentId, null);
  const quantity = wanted.quantity ?? held.abs();
  const instrument = draft.context.instrument(instrumentId);
  if (held.isZero()) {
    return refused("nothing_to_close", `Nothing is held of ${instrumentId}.`);
  }
  if (instrument === undefined) {
    return refused("instrument_not_tradable", `${instrumentId} is not known.`);
  }
  if (quantity.gt(held.abs())) {
    const message = `Only ${held.abs().toString()} is held, not ${quantity.toString()}.`;
    return refused("nothing_to_close", message);
  }
  const terms = closingTerms(held, quantity, instrument);
  const { answer, inTheWay } = clearTheWay(draft, wanted, { instrument, terms });
  const { refusal, verdicts, mark } = answer;
  if (refusal !== null) return { ...refused(refusal.code, refusal.message), verdicts };
  for (const order of inTheWay) cancelOrder(draft, order.id, "gives way to a close");
  const spec = specOfClose(draft, wanted, { terms, inTheWay, answer });
  placeOrHold(draft, spec, answer, { verdicts, mark });
  return done("closing", sentence(terms, instrument, inTheWay.length), [spec.id]);
}

function sentence(terms: OrderTerms, { symbol }: Instrument, cancelled: number): string {
  const size = `${terms.side} ${terms.quantity?.toString() ?? ""} ${symbol} at the market`;
  if (cancelled === 0) return `Closing: ${size}.`;
  return `Closing: ${size}, once ${cancelled} orders in its way are cancelled.`;
}

function closingTerms(held: Decimal, quantity: Decimal, instrument: Instrument): OrderTerms {
  return {
    side: sideOfChange(held.negated()),
    type: "market",
    timeInForce: instrument.assetClass === "crypto" ? "gtc" : "day",
    quantity,
    notional: null,
    limitPrice: null,
    stopPrice: null,
    trailPrice: null,
    trailPercent: null,
    extendedHours: false,
    postOnly: false,
    exits: null,
  };
}

/**
 * Orders that it could trade with always give way; exits only when the close needs the quantity that
 * they hold. Judged before anything is cancelled: a refused close leaves the exits where they are.
 */
function clearTheWay(
  draft: Draft,
  { command, instrumentId }: Close,
  order: { readonly instrument: Instrument; readonly terms: OrderTerms },
): { readonly answer: RiskAnswer; readonly inTheWay: readonly OrderState[] } {
  const all = [...draft.openOrdersOf(instrumentId)].filter(({ status }) => !isTerminal(status));
  const opposite = all.filter(({ terms }) => terms.side !== order.terms.side);
  const gentle = judgeClose(draft, command, { ...order, without: opposite });
  if (gentle.reducesPosition) return { answer: gentle, inTheWay: opposite };
  return { answer: judgeClose(draft, command, { ...order, without: all }), inTheWay: all };
}

function judgeClose(
  draft: Draft,
  { receivedAt }: Command,
  close: {
    readonly instrument: Instrument;
    readonly terms: OrderTerms;
    readonly without: readonly OrderState[];
  },
): RiskAnswer {
  return judge(draft, {
    instrument: close.instrument,
    strategyId: null,
    terms: close.terms,
    siblings: [],
    preceding: [],
    waitsFor: close.without.map(({ id }) => id),
    receivedAt,
    validUntil: null,
    onMarketClosed: null,
  });
}

function specOfClose(
  draft: Draft,
  { command, n, instrumentId, quantity }: Close,
  close: {
    readonly terms: OrderTerms;
    readonly inTheWay: readonly OrderState[];
    readonly answer: RiskAnswer;
  },
): OrderSpec {
  return {
    id: deriveOrderId(command.id, n),
    accountId: draft.account.id,
    instrumentId,
    strategyId: null,
    signalId: null,
    commandId: command.id,
    parentId: null,
    role: quantity === null ? "close_all" : "entry",
    linkGroup: null,
    reducesPosition: close.answer.reducesPosition,
    waitsFor: close.inTheWay.map(({ id }) => id),
    terms: close.terms,
    receivedAt: command.receivedAt,
    validUntil: null,
  };
}

/** Closes everything the account holds and cancels whatever else is open. */
export function flatten(draft: Draft, command: Command): CarriedOut {
  const orderIds: OrderId[] = [];
  const refusals: string[] = [];
  const judged: Verdict[] = [];
  let left = 0;
  for (const { instrumentId } of draft.accountBook.positions.open()) {
    const n = orderIds.length + 1;
    if (n > MAX_ORDERS_PER_SOURCE) {
      left += 1;
      continue;
    }
    const outcome = close(draft, { command, n, instrumentId, quantity: null });
    orderIds.push(...outcome.orderIds);
    judged.push(...(outcome.verdicts?.filter(({ result }) => result === "refuse") ?? []));
    if (outcome.result === "refused") refusals.push(`${instrumentId}: ${outcome.message}`);
  }
  const cancelled = cancelEverywhereElse(draft);
  const sentences = [
    `${orderIds.length} positions are being closed and ${cancelled} other orders cancelled.`,
    ...(left === 0 ? [] : [`${left} more positions are left: flatten again for them.`]),
    ...refusals,
  ];
  const flattening = done("flattening", sentences.join(" "), orderIds);
  return judged.length === 0 ? flattening : { ...flattening, verdicts: judged };
}

/** Where nothing is held, what is open can only open. */
function cancelEverywhereElse(draft: Draft): number {
  let cancelled = 0;
  for (const order of draft.ordersOf(draft.accountBook.open)) {
    if (isTerminal(order.status)) continue;
    if (!heldBy(draft, order.instrumentId, null).isZero()) continue;
    cancelOrder(draft, order.id, "the account is being flattened");
    cancelled += 1;
  }
  return cancelled;
}

/**
 * What a close that waited may still sell: an exit may have filled before its cancel did, and then less is
 * left; an entry may have, and then more is, for one that closes everything. Null when nothing is.
 */
export function fittingQuantity(draft: Draft, order: OrderState): Decimal | null {
  const { quantity, side } = order.terms;
  // The first half of a flip closes what all hold together.
  const whose = order.role === "flip_close" ? null : order.strategyId;
  const held = heldBy(draft, order.instrumentId, whose);
  const isClosing = !held.isZero() && sideOfChange(held) !== side;
  if (quantity === null || !isClosing) return null;
  if (order.role === "close_all") return held.abs();
  return Decimal.min(quantity, held.abs());
}
