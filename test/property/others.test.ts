// Whatever an account goes through beside others: once all is told, what is ours is what was ours, each
// strategy has its own, what is theirs is theirs, and nothing was gained or lost by it.
import fc from "fast-check";
import { expect, it } from "vitest";
import type { BrokerView } from "../../src/domain/broker.ts";
import type { DomainEvent } from "../../src/domain/event.ts";
import { Decimal } from "../../src/domain/decimal.ts";
import { Desk, explained, isQuiet } from "../unit/decide/desk.ts";
import { AAPL, d, replay } from "../unit/decide/scene.ts";

type Step =
  | { readonly kind: "buy"; readonly strategy: string | null; readonly quantity: number }
  | { readonly kind: "others trade" | "others transfer"; readonly quantity: number }
  | {
      readonly kind: "split";
      /** New shares for so many old ones. */
      readonly of: readonly [fresh: number, old: number];
      readonly told: "at once" | "in halves" | "late" | "posted late";
      /** The broker's average is not what ours cost. */
      readonly odd: boolean;
    }
  | {
      readonly kind: "comes";
      readonly quantity: number;
      readonly is: "ours" | "theirs";
      /** Afterwards, by an entry or by a fill. */
      readonly told: "never" | "late" | "posted late" | "by a fill";
    }
  | {
      readonly kind: "pays";
      /** To whoever holds it, for each share. */
      readonly each: number;
      readonly as: "DIV" | "ROC" | "PTC";
      readonly isTakenBack: boolean;
    }
  | {
      /** A stranger who buys and sells, or transfers in and out. */
      readonly kind: "round trip";
      readonly quantity: number;
      readonly prices: readonly [bought: number, sold: number];
      readonly told: "in one look" | "in two looks" | "late" | "by entries" | "behind what comes";
    };

const quantity = fc.integer({ min: 1, max: 9 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("buy" as const),
    strategy: fc.constantFrom("slow", "quick", null),
    quantity,
  }),
  fc.record({
    kind: fc.constantFrom("others trade" as const, "others transfer" as const),
    quantity: fc.integer({ min: -12, max: 9 }).filter((n) => n !== 0),
  }),
  fc.record({
    kind: fc.constant("split" as const),
    of: fc.constantFrom([2, 1] as const, [3, 1] as const, [10, 1] as const, [1, 2] as const),
    told: fc.constantFrom("at once", "in halves", "late", "posted late"),
    odd: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("comes" as const),
    quantity,
    is: fc.constantFrom("ours", "theirs"),
    told: fc.constantFrom("never", "late", "posted late", "by a fill"),
  }),
  fc.record({
    kind: fc.constant("pays" as const),
    each: quantity,
    as: fc.constantFrom("DIV", "ROC", "PTC"),
    isTakenBack: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("round trip" as const),
    quantity,
    prices: fc.tuple(fc.integer({ min: 50, max: 150 }), fc.integer({ min: 50, max: 150 })),
    told: fc.constantFrom("in one look", "in two looks", "late", "by entries", "behind what comes"),
  }),
);

/** The broker, and what is whose there: whole shares, of which ours cost what the desk paid. */
class Model {
  readonly desk = new Desk();
  readonly own = new Map<string | null, number>();
  others = 0;
  /** What was paid for ours: a fill costs 100, and what is adopted what the person says. */
  cost = 0;
  /** What came to us for nothing sold, or by what a stranger did with shares that nobody left to him. */
  gain = 0;
  /** The money that moved at the broker; null where nobody knows. */
  cash: number | null = 0;
  isMoneyKnown = true;
  /** A sale at another price than its cost divides cost and gain anew. */
  hasSold = false;
  #entries = 0;
  #isOdd = false;

  constructor() {
    // The price here follows no split: what it makes of a position is no matter.
    this.desk.scene.world.set("max_daily_loss_usd", null);
    this.desk.scene.world.set("max_daily_loss_percent", null);
  }

  get ours(): number {
    return [...this.own.values()].reduce((sum, each) => sum + each, 0);
  }

  take(step: Step): void {
    switch (step.kind) {
      case "buy": {
        const { strategy } = step;
        this.desk.scene.bought(String(step.quantity), strategy === null ? {} : { strategy });
        this.#add(strategy, step.quantity);
        this.cost += step.quantity * 100;
        this.#moved(-step.quantity * 100);
        this.look();
        return;
      }
      case "others trade":
        this.#trade(step.quantity);
        return;
      case "others transfer":
        this.#transfer(step.quantity);
        return;
      case "split":
        this.#split(step);
        return;
      case "comes":
        this.#come(step);
        return;
      case "pays":
        this.#pay(step);
        return;
      case "round trip":
        this.#roundTrip(step);
    }
  }

  look(told: Pick<Partial<BrokerView>, "activities" | "executions"> = {}): readonly DomainEvent[] {
    const { costBasis } = this.desk.scene.account.positions.net(AAPL) ?? {};
    this.desk.theirs = String(this.ours + this.others);
    // The broker's average is ours while all is ours.
    const isOurs = !this.#isOdd && this.others === 0 && this.ours !== 0 && costBasis !== undefined;
    this.desk.average = isOurs
      ? costBasis.dividedBy(d(String(this.ours)), 9, "half_even").toString()
      : "90";
    return this.desk.look(told);
  }

  #moved(cash: number): void {
    if (this.cash !== null) this.cash += cash;
  }

  #pay({ each, as, isTakenBack }: Extract<Step, { kind: "pays" }>): void {
    if (this.ours + this.others === 0) return;
    this.#entries += 1;
    const sum = each * (this.ours + this.others);
    const head = { id: `P-${this.#entries}`, type: as, at: this.desk.scene.now + 1 };
    const entry = this.desk.entry({ ...head, netAmount: d(String(as === "PTC" ? -sum : sum)) });
    this.look({ activities: [entry] });
    if (isTakenBack) {
      this.look({ activities: [{ ...entry, status: "cancelled" }] });
      return;
    }
    const paid = as === "PTC" ? -each : each;
    this.gain += paid * this.ours;
    this.#moved(paid * (this.ours + this.others));
  }

  #roundTrip({ quantity, prices, told }: Extract<Step, { kind: "round trip" }>): void {
    const { desk } = this;
    const at = desk.scene.now + 1;
    // Nothing names a share that nobody holds before and after: its cash is told as a difference.
    if (this.ours + this.others === 0) return;
    if (told === "by entries") {
      // Without a price what comes has cost nothing, and what goes leaves at the average: only theirs here.
      if (this.others === 0) return;
      const [into, out] = [quantity, -quantity].map((moved) => {
        this.#entries += 1;
        return desk.entry({
          id: `R-${this.#entries}`,
          type: "JNLS",
          quantity: d(String(moved)),
          at,
        });
      });
      if (into !== undefined && out !== undefined) this.look({ activities: [into, out] });
      return;
    }
    const [bought, sold] = prices;
    const fill = (side: "buy" | "sell", price: number, later: number) =>
      desk.foreign(side, String(quantity), { price: d(String(price)), executedAt: at + later });
    const executions = [fill("buy", bought, 0), fill("sell", sold, 1)];
    const earned = quantity * (sold - bought);
    this.#moved(earned);
    if (this.others === 0) {
      this.gain += earned;
      this.hasSold = true;
    }
    if (told === "behind what comes") {
      // What comes may have it or not: then its gain is only cash.
      this.isMoneyKnown = false;
      this.#come({
        kind: "comes",
        quantity: 5,
        is: sold % 2 === 0 ? "ours" : "theirs",
        told: "never",
      });
    }
    if (told === "late") for (let look = 0; look < 3; look += 1) this.look();
    if (told === "in two looks") this.#between(quantity, executions.slice(0, 1));
    this.look({ executions });
  }

  /** Half way through it the broker holds more. */
  #between(quantity: number, executions: BrokerView["executions"]): void {
    this.desk.theirs = String(this.ours + this.others + quantity);
    this.desk.look({ executions });
  }

  #add(strategy: string | null, quantity: number): void {
    this.own.set(strategy, (this.own.get(strategy) ?? 0) + quantity);
  }

  /** What they have is theirs; without anything of theirs a stranger's fill is ours, and is left out here. */
  #trade(wanted: number): void {
    if (this.others === 0) return;
    const quantity = Math.max(wanted, -this.others);
    this.others += quantity;
    this.#moved(-quantity * 100);
    const side = quantity > 0 ? "buy" : "sell";
    const executedAt = this.desk.scene.now + 1;
    const fill = this.desk.foreign(side, String(Math.abs(quantity)), { executedAt });
    this.look({ executions: [fill] });
  }

  #transfer(wanted: number): void {
    if (this.others === 0) return;
    const quantity = Math.max(wanted, -this.others);
    this.others += quantity;
    this.#entries += 1;
    const head = { id: `T-${this.#entries}`, type: "JNLS", at: this.desk.scene.now + 1 };
    this.look({ activities: [this.desk.entry({ ...head, quantity: d(String(quantity)) })] });
  }

  #split({ of: [fresh, old], told, odd }: Extract<Step, { kind: "split" }>): void {
    const parts = [...this.own.values(), this.others];
    const before = this.ours + this.others;
    // Whole shares of everybody's alone, so that nothing is left to round.
    if (before === 0 || parts.some((part) => part % old !== 0)) return;
    this.#entries += 1;
    const change = d(String((before / old) * (fresh - old)));
    const head = { id: `S-${this.#entries}`, at: this.desk.scene.now + 1 };
    for (const [strategy, part] of this.own) this.own.set(strategy, (part / old) * fresh);
    this.others = (this.others / old) * fresh;
    this.#isOdd = odd;
    if (told === "in halves") {
      const half = this.desk.entry({ ...head, status: "pending", quantity: d(String(-before)) });
      for (let look = 0; look < 3; look += 1) this.look({ activities: [half] });
    }
    const isLate = told === "late" || told === "posted late";
    if (isLate) for (let look = 0; look < 3; look += 1) this.look();
    const at = told === "posted late" ? this.desk.scene.now + 1 : head.at;
    this.look({ activities: [this.desk.entry({ ...head, at, quantity: change })] });
    this.#isOdd = false;
  }

  /** Shares that nothing explains, and a person says whose they are. */
  #come({ quantity, is, told }: Extract<Step, { kind: "comes" }>): void {
    const before = this.desk.scene.now + 1;
    this.cash = null;
    if (is === "ours") {
      this.#add(null, quantity);
      this.cost += quantity * 90;
    } else this.others += quantity;
    this.look();
    const outcome = is === "ours" ? this.desk.adopt("90", String(quantity)) : this.desk.ignore();
    if (outcome.result !== "done") throw new Error(`${is}: ${outcome.message}`);
    const moved = d(String(quantity));
    const at = told === "posted late" ? this.desk.scene.now + 1 : before;
    if (told === "never") return;
    if (told === "by a fill") {
      const fill = this.desk.foreign("buy", String(quantity), { executedAt: at });
      this.look({ executions: [fill] });
      return;
    }
    this.#entries += 1;
    const head = { id: `C-${this.#entries}`, type: "JNLS", at } as const;
    this.look({ activities: [this.desk.entry({ ...head, quantity: moved })] });
  }
}

const NOTHING = { realizedGross: Decimal.ZERO, costBasis: Decimal.ZERO, fees: Decimal.ZERO };

/** The desk's broker shows the same cash in every look, and what of it was there at first is opened once. */
function openingOf({ scene }: Desk): Decimal {
  const opened = scene.log.flatMap(({ event }) =>
    event.type === "CashAdjusted" && event.adjustment.id === "opening cash"
      ? [event.adjustment.amount]
      : [],
  );
  return Decimal.sum(opened);
}

it("beside others everybody comes out with what is theirs, whatever happens and whenever it is told", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
      const model = new Model();
      for (const each of steps) model.take(each);
      expect(isQuiet(model.look())).toBe(true);
      const { desk, own } = model;
      const left = model.others === 0 ? "none" : String(model.others);
      expect(desk.both).toEqual([String(model.ours), left]);
      for (const [strategy, quantity] of own) {
        if (strategy !== null) expect(desk.strategy(strategy)).toBe(String(quantity));
      }
      const { realizedGross, costBasis, fees } = desk.scene.account.positions.net(AAPL) ?? NOTHING;
      const gained = realizedGross.minus(fees);
      // An average price has twelve decimals: what leaves at it may be off by less than anybody sees.
      const isAbout = (figure: Decimal, expected: number): boolean =>
        figure
          .minus(d(String(expected)))
          .abs()
          .lt(d("0.000001"));
      if (model.isMoneyKnown) {
        expect(isAbout(gained.minus(costBasis), model.gain - model.cost)).toBe(true);
      }
      if (model.isMoneyKnown && !model.hasSold) expect(isAbout(gained, model.gain)).toBe(true);
      if (model.cash !== null)
        expect(isAbout(explained(desk).minus(openingOf(desk)), model.cash)).toBe(true);
      expect(replay(desk.scene).accounts).toEqual(desk.scene.book.accounts);
    }),
  );
});
