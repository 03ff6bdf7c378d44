// What may become of an account's orders, prices and figures, step by step, as properties of the risk chain need it.
import fc from "fast-check";
import {
  asId,
  type BrokerReference,
  type InstrumentId,
  type StrategyId,
} from "../../src/domain/ids.ts";
import type { TermsChange } from "../../src/domain/order/spec.ts";
import { AAPL, d, MSFT, NOW } from "../unit/risk/market.ts";
import type { Wish } from "../unit/risk/market.ts";
import type { World } from "../unit/risk/world.ts";

/** Numbers that lie close to each other, so that limits and orders meet often. */
export const small = fc.constantFrom("1", "2", "5", "10", "20", "50");
const price = fc.constantFrom("50", "90", "99", "100", "101", "110", "200");
const side = fc.constantFrom("buy" as const, "sell" as const);
export const instrument = fc.constantFrom(AAPL, MSFT);

export const STRATEGIES = [asId<StrategyId>("trend"), asId<StrategyId>("mean")] as const;
const strategy = fc.constantFrom(null, ...STRATEGIES);

export const wish: fc.Arbitrary<Wish> = fc.record({
  side,
  quantity: small,
  limitPrice: fc.option(price, { nil: null }),
});

const amountOfMoney: fc.Arbitrary<Wish> = fc.record({
  side,
  quantity: fc.constant(null),
  notional: small,
});
const withStop: fc.Arbitrary<Wish> = fc.record({
  side,
  type: fc.constant("stop" as const),
  quantity: small,
  stopPrice: price,
});

const MOVES = ["trade", "end", "grow", "reprice", "ask", "deny"] as const;

interface Move {
  readonly kind: (typeof MOVES)[number];
  readonly nth: number;
}

export type Step =
  | { readonly kind: "hold"; readonly of: InstrumentId; readonly quantity: string }
  | {
      readonly kind: "order";
      readonly of: InstrumentId;
      readonly wish: Wish;
      readonly group: string | null;
      readonly strategy: StrategyId | null;
      readonly until: "placed" | "accepted" | "filled" | "cancelled" | "unresolved";
    }
  | { readonly kind: "foreign"; readonly of: InstrumentId; readonly wish: Wish }
  | { readonly kind: "price"; readonly of: InstrumentId; readonly last: string | null }
  | { readonly kind: "crossed"; readonly of: InstrumentId }
  /** The same price again, only later. */
  | { readonly kind: "again"; readonly of: InstrumentId }
  /** What becomes of one of those that are open; a change may be asked for, denied, or done. */
  | Move
  /** One that is not ours is over. */
  | { readonly kind: "gone"; readonly nth: number }
  | { readonly kind: "observe"; readonly equity: string }
  | { readonly kind: "wait"; readonly ms: number };

const moves = fc.record({
  kind: fc.constantFrom(...MOVES),
  nth: fc.nat(20),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("hold" as const),
    of: instrument,
    quantity: fc.constantFrom("-50", "-10", "-1", "1", "10", "50"),
  }),
  fc.record({
    kind: fc.constant("order" as const),
    of: instrument,
    wish,
    group: fc.constantFrom(null, "one", "two"),
    strategy,
    until: fc.constantFrom("placed", "accepted", "filled", "cancelled", "unresolved"),
  }),
  fc.record({ kind: fc.constant("foreign" as const), of: instrument, wish }),
  fc.record({ kind: fc.constant("price" as const), of: instrument, last: price }),
  fc.record({ kind: fc.constant("again" as const), of: instrument }),
  moves,
  fc.record({ kind: fc.constant("gone" as const), nth: fc.nat(5) }),
  fc.record({
    kind: fc.constant("observe" as const),
    equity: fc.constantFrom("100", "10000", "1000000"),
  }),
  fc.record({ kind: fc.constant("wait" as const), ms: fc.constantFrom(0, 500, 5_000) }),
);
export const history = fc.array(step, { maxLength: 10 });

export function take(world: World, one: Step): void {
  switch (one.kind) {
    case "hold":
      world.hold(one.of, one.quantity, "100");
      return;
    case "order":
      order(world, one);
      return;
    case "foreign":
      world.foreign(one.of, one.wish);
      return;
    case "price":
      world.price(one.of, one.last);
      return;
    case "gone": {
      const external = [...world.account.external.keys()];
      const brokerOrderId = external[one.nth % external.length];
      if (brokerOrderId !== undefined) world.apply({ type: "ExternalOrderClosed", brokerOrderId });
      return;
    }
    case "crossed":
      world.price(one.of, "100", { bid: d("101"), ask: d("99") });
      return;
    case "again":
      world.now += 1;
      world.price(one.of, world.context.marks.get(one.of)?.last?.toString() ?? "100");
      return;
    case "trade":
    case "end":
    case "grow":
    case "reprice":
    case "ask":
    case "deny":
      move(world, one);
      return;
    case "observe":
      world.observe(one.equity);
      return;
    case "wait":
      world.now += one.ms;
  }
}

export function order(
  world: World,
  { of, wish: asked, group, strategy: strategyId, until }: Extract<Step, { kind: "order" }>,
): void {
  const orderId = world.place(of, asked, { linkGroup: group, strategyId });
  if (until === "placed") return;
  if (until === "unresolved") {
    world.submit(orderId);
    const unresolved = { action: "submit", since: NOW, cause: "timeout", lookups: 0 } as const;
    world.apply({ type: "OrderUnresolved", orderId, unresolved });
    return;
  }
  world.accept(orderId);
  if (until === "filled") world.fill(orderId, "1", "100");
  if (until === "cancelled") {
    world.apply({ type: "OrderCancelled", orderId, by: "broker", message: null });
  }
}

function move(world: World, { kind, nth }: Move): void {
  const open = [...world.account.open];
  const orderId = open[nth % open.length];
  const order = orderId === undefined ? undefined : world.account.orders.get(orderId);
  if (orderId === undefined || order === undefined) return;
  const { generation, terms } = order;
  const change = (to: TermsChange): void => {
    const names = { reference: null, brokerOrderId: null };
    world.apply({ type: "OrderReplaced", orderId, generation, ...names, change: to });
  };
  switch (kind) {
    case "trade":
      world.fill(orderId, "1", "100");
      return;
    case "end":
      world.apply({ type: "OrderCancelled", orderId, by: "broker", message: null });
      return;
    case "grow":
      if (terms.quantity !== null) change({ quantity: terms.quantity.plus(d("2")) });
      return;
    case "reprice":
      if (terms.limitPrice !== null) change({ limitPrice: terms.limitPrice.plus(d("1")) });
      return;
    case "ask": {
      const reference = asId<BrokerReference>(`R-${world.book.seq}`);
      const to = terms.quantity === null ? {} : { quantity: terms.quantity.plus(d("3")) };
      world.apply({ type: "ReplaceRequested", orderId, generation, reference, change: to });
      return;
    }
    case "deny":
      world.apply({ type: "ReplaceRefused", orderId, message: "test" });
  }
}

/** Orders that say by themselves what they may still do, as they come and go. */
export const plain = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("order" as const),
      of: fc.constant(AAPL),
      wish: fc.oneof(wish, amountOfMoney, withStop),
      group: fc.constant(null),
      strategy,
      until: fc.constantFrom("placed" as const, "accepted" as const, "filled" as const),
    }),
    moves,
    fc.record({
      kind: fc.constant("price" as const),
      of: fc.constant(AAPL),
      last: fc.oneof(price, fc.constantFrom("0", null)),
    }),
    fc.record({ kind: fc.constant("crossed" as const), of: fc.constant(AAPL) }),
    fc.record({ kind: fc.constant("again" as const), of: fc.constant(AAPL) }),
  ),
  { maxLength: 30 },
);
