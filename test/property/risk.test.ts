// What holds for every book, every order and every setting of the limits.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Decimal } from "../../src/domain/decimal.ts";
import { LIMIT_DEFINITIONS } from "../../src/domain/limits.ts";
import type { LimitKey } from "../../src/domain/limits.ts";
import type { RuleCode } from "../../src/domain/refusal.ts";
import type { RiskAnswer } from "../../src/domain/risk/candidate.ts";
import { readLimit } from "../../src/domain/risk/limit-value.ts";
import { isLooser } from "../../src/domain/risk/looseness.ts";
import { AAPL, d, MSFT } from "../unit/risk/market.ts";
import type { Wish } from "../unit/risk/market.ts";
import { World } from "../unit/risk/world.ts";
import { history, instrument, order, small, take, wish, type Step } from "./risk-steps.ts";

const RUNS = { numRuns: 400 };

/** Numbers that lie close to each other, so that limits and orders meet often. */
const amount = fc.constantFrom("0", "1", "2", "5", "10", "20", "50", "100", "1000", "10000");

const SETTINGS = {
  max_order_qty_stock: amount,
  max_order_notional: amount,
  max_position_size_usd: amount,
  max_position_qty: amount,
  max_positions: fc.constantFrom("0", "1", "2", "3"),
  max_open_orders: fc.constantFrom("0", "1", "2", "5", "100"),
  max_orders_per_minute: fc.constantFrom("0", "1", "2", "5", "100"),
  max_orders_per_day: fc.constantFrom("0", "1", "2", "5", "100"),
  max_daily_loss_usd: amount,
  max_daily_loss_percent: fc.constantFrom("0", "1", "5", "100"),
  max_leverage: fc.constantFrom("0", "0.1", "1", "2"),
  max_concentration_percent: fc.constantFrom("0", "1", "10", "100"),
  max_loss_per_trade_percent: fc.constantFrom("0", "1", "10"),
  price_collar_percent: fc.constantFrom("0", "1", "10", "100"),
  quote_age_max_ms: fc.constantFrom("0", "1000", "60000"),
  duplicate_window_seconds: fc.constantFrom("0", "10", "60"),
  buying_power_reserve_percent: fc.constantFrom("0", "50", "100"),
  symbols_allowed: fc.constantFrom("AAPL", "MSFT", "AAPL,MSFT"),
  symbols_denied: fc.constantFrom("AAPL", "MSFT", "AAPL,MSFT"),
  allow_short: fc.constantFrom("true", "false"),
  check_wash_trade: fc.constantFrom("true", "false"),
  check_buying_power: fc.constantFrom("true", "false"),
} as const satisfies Partial<Record<LimitKey, fc.Arbitrary<string>>>;

type SettingKey = keyof typeof SETTINGS;
type Settings = readonly (readonly [SettingKey, string | null])[];

const KEYS = Object.keys(SETTINGS) as SettingKey[]; // its own keys

const valueOf = (key: SettingKey): fc.Arbitrary<string | null> =>
  LIMIT_DEFINITIONS[key].kind === "switch"
    ? SETTINGS[key]
    : fc.option(SETTINGS[key], { nil: null });

const anyKey = fc.constantFrom(...KEYS);
const setting = anyKey.chain((key) => fc.tuple(fc.constant(key), valueOf(key)));
const settings: fc.Arbitrary<Settings> = fc.array(setting, { maxLength: 8 });

function worldOf(steps: readonly Step[], chosen: Settings): World {
  const world = World.bare();
  for (const one of steps) take(world, one);
  for (const [key, value] of chosen) world.set(key, value);
  return world;
}

const passes = ({ refusal, missingPrice }: RiskAnswer): boolean =>
  refusal === null && !missingPrice;

/** Invariant 6, to the letter. */
const MAY_REFUSE_EXITS: ReadonlySet<RuleCode> = new Set<RuleCode>([
  "trading_state",
  "instrument_not_tradable",
  "session_open",
  "stale_signal",
  "order_validity",
  "tick_size",
  "lot_size",
]);

describe("an exit", () => {
  test("is never refused by a limit, in whatever state the account is", () => {
    fc.assert(
      fc.property(
        history,
        settings,
        fc.record({ of: instrument, asked: wish, isBare: fc.boolean() }),
        (steps, chosen, { of, asked, isBare }) => {
          const world = worldOf(steps, chosen);
          if (isBare) {
            world.account.equity = null;
            world.account.day = null;
          }
          const answer = world.ask({ ...asked, of });
          fc.pre(answer.reducesPosition);
          const refusing = answer.verdicts.filter(({ result }) => result === "refuse");
          expect(refusing.filter(({ rule }) => !MAY_REFUSE_EXITS.has(rule))).toEqual([]);
          expect(answer.refusal).toBeNull();
          expect(answer.missingPrice).toBe(false);
        },
      ),
      RUNS,
    );
  });

  test("is exactly what lowers the position and leaves the rest of it covered", () => {
    fc.assert(
      fc.property(history, instrument, wish, (steps, of, asked) => {
        const world = worldOf(steps, []);
        const held = world.account.positions.quantity(of);
        const { reducesPosition } = world.ask({ ...asked, of });
        if (!reducesPosition) return;
        const signed = d(asked.quantity ?? "0").times(asked.side === "buy" ? Decimal.ONE : d("-1"));
        const after = held.plus(signed);
        expect(after.abs().lt(held.abs())).toBe(true);
        expect(after.isZero() || after.sign() === held.sign()).toBe(true);
      }),
      RUNS,
    );
  });
});

describe("loosening a limit", () => {
  test("never refuses what passed before", () => {
    fc.assert(
      fc.property(
        history,
        settings,
        anyKey.chain((key) => fc.tuple(fc.constant(key), valueOf(key), valueOf(key))),
        fc.record({ of: instrument, asked: wish }),
        (steps, chosen, [key, one, other], { of, asked }) => {
          // Equal, or two lists of symbols that each allow what the other does not.
          fc.pre(looserOf(key, one, other) !== looserOf(key, other, one));
          const [tight, loose] = looserOf(key, one, other) ? [other, one] : [one, other];
          const before = worldOf(steps, [...chosen, [key, tight]]).ask({ ...asked, of });
          const after = worldOf(steps, [...chosen, [key, loose]]).ask({ ...asked, of });
          expect(passes(before) && !passes(after)).toBe(false);
        },
      ),
      { numRuns: 1_500 },
    );
  });
});

function looserOf(key: SettingKey, one: string | null, other: string | null): boolean {
  const first = readLimit(key, one);
  const second = readLimit(key, other);
  if (!first.ok || !second.ok) throw new Error("the generator made a value that is none");
  return isLooser(key, first.value, second.value);
}

describe("a limit that has room for one", () => {
  const RULES = ["max_position_qty", "max_position_size_usd", "max_concentration_percent"] as const;

  test("is never passed by several, however fast they come and whatever became of those before", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(small, fc.constantFrom("placed", "accepted", "filled", "unresolved")), {
          minLength: 2,
          maxLength: 8,
        }),
        fc.constantFrom(...RULES),
        (orders, rule) => {
          const world = World.bare();
          // 50 shares, or what they are worth: 5,000 of an equity of 100,000.
          world.set(
            rule,
            {
              max_position_qty: "50",
              max_position_size_usd: "5000",
              max_concentration_percent: "5",
            }[rule],
          );
          let placed = Decimal.ZERO;
          for (const [quantity, until] of orders) {
            const asked: Wish = { quantity, limitPrice: "100" };
            if (!passes(world.ask(asked))) continue;
            placed = placed.plus(d(quantity));
            order(world, {
              kind: "order",
              of: AAPL,
              wish: asked,
              group: null,
              strategy: null,
              until,
            });
          }
          expect(placed.lte(d("50"))).toBe(true);
        },
      ),
      RUNS,
    );
  });

  test("is not beaten by splitting an order", () => {
    fc.assert(
      fc.property(
        fc.array(small, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(...RULES, "max_leverage", "check_buying_power"),
        (parts, rule) => {
          const whole = Decimal.sum(parts.map(d));
          const make = (): World => {
            const world = World.bare();
            world.observe("5000");
            const bounds = {
              max_position_qty: "50",
              max_position_size_usd: "5000",
              max_concentration_percent: "100",
              max_leverage: "1",
              check_buying_power: "true",
            };
            world.set(rule, bounds[rule]);
            return world;
          };
          const allowed = passes(make().ask({ quantity: whole.toString(), limitPrice: "100" }));
          const world = make();
          let all = true;
          for (const quantity of parts) {
            const asked: Wish = { quantity, limitPrice: "100" };
            if (passes(world.ask(asked))) world.work(AAPL, asked);
            else all = false;
          }
          expect(all).toBe(allowed);
        },
      ),
      RUNS,
    );
  });
});

describe("what is not known", () => {
  test("never lets an entry pass that was refused when it was known", () => {
    fc.assert(
      fc.property(
        history,
        settings,
        fc.record({ of: instrument, asked: wish }),
        fc.constantFrom("price", "equity", "day"),
        (steps, chosen, { of, asked }, lost) => {
          const known = worldOf(steps, chosen).ask({ ...asked, of });
          fc.pre(!passes(known));
          const world = worldOf(steps, chosen);
          if (lost === "equity") world.account.equity = null;
          if (lost === "day") world.account.day = null;
          if (lost === "price") {
            world.now += 1;
            for (const id of [AAPL, MSFT]) world.price(id, null);
          }
          expect(passes(world.ask({ ...asked, of }))).toBe(false);
        },
      ),
      RUNS,
    );
  });
});
