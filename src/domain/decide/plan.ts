// From a wish to the orders that fulfil it: a trade is one order, or two where it crosses zero; a
// target position is the difference to what is held and what is already on its way.
import { Decimal } from "../decimal.ts";
import type { InstrumentId, StrategyId } from "../ids.ts";
import type { OrderTerms, Role } from "../order/spec.ts";
import type { OrderState } from "../order/state.ts";
import { remainingQuantity } from "../order/status.ts";
import type { Signal } from "../signal.ts";
import { sideOfChange } from "../signal.ts";
import type { Draft } from "./draft.ts";

export interface PlannedOrder {
  readonly role: Role;
  readonly terms: OrderTerms;
  /** Waits for the planned order before it as well as for what is cancelled. */
  readonly waitsForPrevious: boolean;
}

export interface Plan {
  readonly orders: readonly PlannedOrder[];
  /** Orders that contradict the wish and are cancelled first. */
  readonly cancels: readonly OrderState[];
}

const NO_CANCELS: readonly OrderState[] = [];

export function planOf(draft: Draft, signal: Signal): Plan {
  const { wish, instrumentId } = signal;
  if (wish.kind === "position") {
    return clearedForFlip(draft, instrumentId, planTarget(draft, signal, wish));
  }
  const held = heldBy(draft, instrumentId, null);
  const orders = splitAtZero(held, wish.terms);
  return clearedForFlip(draft, instrumentId, { orders, cancels: NO_CANCELS });
}

/**
 * The first half of a flip sells all that is held, whoever holds it: exits that rest on it go first, of
 * every strategy. The position that they protect is over.
 */
function clearedForFlip(draft: Draft, instrumentId: InstrumentId, plan: Plan): Plan {
  const [first] = plan.orders;
  if (first?.role !== "flip_close") return plan;
  const exits = [...draft.openOrdersOf(instrumentId)].filter(
    (order) =>
      order.terms.side === first.terms.side &&
      (isProtective(order) || isRestingExit(order)) &&
      !plan.cancels.includes(order),
  );
  return { ...plan, cancels: [...plan.cancels, ...exits] };
}

/** What is held: net, or the share of a strategy. */
export function heldBy(
  draft: Draft,
  instrumentId: InstrumentId,
  strategyId: StrategyId | null,
): Decimal {
  const { positions } = draft.accountBook;
  const position =
    strategyId === null
      ? positions.net(instrumentId)
      : positions.ofStrategy(instrumentId, strategyId);
  return position?.quantity ?? Decimal.ZERO;
}

/** A trade that would take the net position through zero closes first, then opens. */
function splitAtZero(held: Decimal, terms: OrderTerms): readonly PlannedOrder[] {
  const whole: PlannedOrder = { role: "entry", terms, waitsForPrevious: false };
  const { quantity } = terms;
  // An exit that stands for a position held is never split: more than is held is not one.
  if (terms.exits?.alone === true) return [whole];
  const lowers = !held.isZero() && sideOfChange(held) !== terms.side;
  if (quantity === null || !lowers || quantity.lte(held.abs())) return [whole];
  const rest = quantity.minus(held.abs());
  return [
    {
      role: "flip_close",
      terms: { ...terms, quantity: held.abs(), exits: null },
      waitsForPrevious: false,
    },
    { role: "entry", terms: { ...terms, quantity: rest }, waitsForPrevious: true },
  ];
}

type Target = Extract<Signal["wish"], { kind: "position" }>;

/**
 * Orders of the same strategy that already work towards the target count. Those that would miss it,
 * by working against it or by going too far, give way: they are cancelled and the rest waits for it.
 */
function planTarget(draft: Draft, signal: Signal, wish: Target): Plan {
  const { instrumentId, strategyId } = signal;
  const held = heldBy(draft, instrumentId, strategyId);
  const missing = wish.target.minus(held);
  const leaves = !held.isZero() && wish.target.sign() !== held.sign();
  const exits: OrderState[] = [];
  const working: OrderState[] = [];
  for (const order of ordersOf(draft, instrumentId, strategyId)) {
    if (isProtective(order) || (leaves && isRestingExit(order))) exits.push(order);
    else working.push(order);
  }
  const onTheWay = Decimal.sum(working.map((order) => signedRemainder(order)));
  // What an order for a notional will still bring is not known: it gives way too.
  const agrees = working.every(
    (order) => order.terms.side === sideOfChange(missing) && remainingQuantity(order) !== null,
  );
  const left = missing.minus(onTheWay);
  const reaches = left.isZero() || sideOfChange(left) === sideOfChange(missing);
  // Leaving a position altogether takes its exits away first: they hold the quantity it needs.
  const inTheWay = leaves ? exits : NO_CANCELS;
  const net = heldBy(draft, instrumentId, null);
  if (missing.isZero() ? working.length === 0 : agrees && reaches) {
    const orders = ordersFor(net.plus(onTheWay), left, wish);
    return { orders, cancels: orders.length === 0 ? NO_CANCELS : inTheWay };
  }
  return { orders: ordersFor(net, missing, wish), cancels: [...working, ...inTheWay] };
}

function ordersFor(net: Decimal, change: Decimal, wish: Target): readonly PlannedOrder[] {
  if (change.isZero()) return [];
  const terms = {
    ...wish.terms,
    side: sideOfChange(change),
    quantity: change.abs(),
    notional: null,
  };
  return splitAtZero(net, wish.target.isZero() ? { ...terms, exits: null } : terms);
}

function* ordersOf(
  draft: Draft,
  instrumentId: InstrumentId,
  strategyId: StrategyId | null,
): Generator<OrderState> {
  for (const order of draft.openOrdersOf(instrumentId)) {
    if (strategyId === null || order.strategyId === strategyId) yield order;
  }
}

/** A limit or stop that waits for its price, where the signal asks to be out now. */
function isRestingExit(order: OrderState): boolean {
  return order.reducesPosition && order.terms.type !== "market";
}

export function isProtective(order: Pick<OrderState, "role">): boolean {
  return order.role === "take_profit" || order.role === "stop_loss";
}

function signedRemainder(order: OrderState): Decimal {
  const left = remainingQuantity(order) ?? Decimal.ZERO;
  return order.terms.side === "buy" ? left : left.negated();
}
