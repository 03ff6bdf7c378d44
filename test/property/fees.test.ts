// Fees in coin of which only the day is known, posted at any time, beside what strategies buy and sell: no
// strategy ever has more than there is, so that each can always close what it has.
import fc from "fast-check";
import { expect, it } from "vitest";
import type { BrokerActivity } from "../../src/domain/broker.ts";
import { Decimal } from "../../src/domain/decimal.ts";
import { asId } from "../../src/domain/ids.ts";
import type { StrategyId } from "../../src/domain/ids.ts";
import { Desk } from "../unit/decide/desk.ts";
import { AAPL, d, only, replay } from "../unit/decide/scene.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** The desk's day begins at four in the morning, and the clocks stay as they are. */
const ZONE_MS = 4 * HOUR_MS;
const STRATEGIES = ["slow", "quick"] as const;

const step = fc.oneof(
  fc.record({
    kind: fc.constant("buy" as const),
    strategy: fc.constantFrom(...STRATEGIES, null),
    quantity: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({ kind: fc.constant("close" as const), strategy: fc.constantFrom(...STRATEGIES) }),
  fc.record({
    kind: fc.constant("fee" as const),
    /** Thousandths of what is there. */
    part: fc.integer({ min: 1, max: 9 }),
    /** Of today, or of yesterday and posted now. */
    daysAgo: fc.constantFrom(0, 1),
  }),
  fc.record({ kind: fc.constant("time passes" as const), hours: fc.integer({ min: 1, max: 30 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never;

class Model {
  readonly desk = new Desk();
  theirs = Decimal.ZERO;
  #fees = 0;

  constructor() {
    this.look();
  }

  share(strategy: string): Decimal {
    const id = asId<StrategyId>(strategy);
    return this.desk.scene.account.positions.ofStrategy(AAPL, id)?.quantity ?? Decimal.ZERO;
  }

  look(...activities: readonly BrokerActivity[]) {
    this.desk.theirs = this.theirs.toString();
    this.desk.average = null;
    return this.desk.look({ activities });
  }

  take(step: Step): void {
    const { scene } = this.desk;
    switch (step.kind) {
      case "buy":
        this.#price();
        scene.bought(
          String(step.quantity),
          step.strategy === null ? {} : { strategy: step.strategy },
        );
        this.theirs = this.theirs.plus(d(String(step.quantity)));
        break;
      case "close":
        this.#close(step.strategy);
        break;
      case "fee":
        this.#fee(step.part, step.daysAgo);
        return;
      case "time passes":
        scene.world.now += step.hours * HOUR_MS;
    }
    this.look();
  }

  #price(): void {
    this.desk.scene.world.now += HOUR_MS / 4;
    this.desk.scene.world.price(AAPL, "100");
  }

  #close(strategy: string): void {
    const { scene } = this.desk;
    const share = this.share(strategy);
    if (share.isZero()) return;
    this.#price();
    const events = scene.signal({ target: "0", strategy, type: "market" });
    const { outcome, refusal } = only(events, "SignalDecided");
    if (outcome !== "ordered") throw new Error(`${strategy} cannot close: ${refusal?.message}`);
    const { orderId } = only(events, "OrderPlaced");
    scene.accepted(orderId);
    scene.filled(orderId, share.toString());
    this.theirs = this.theirs.minus(share);
  }

  #fee(part: number, daysAgo: number): void {
    const { scene } = this.desk;
    const quantity = this.theirs.times(d(String(part))).dividedBy(d("1000"), 9, "down");
    if (quantity.isZero()) return;
    this.#fees += 1;
    const today = Math.floor((scene.now - ZONE_MS) / DAY_MS) * DAY_MS + ZONE_MS;
    const at = today - daysAgo * DAY_MS;
    const head = { id: `F-${this.#fees}`, type: "CFEE", at, until: at + DAY_MS - 1 };
    this.theirs = this.theirs.minus(quantity);
    this.look(this.desk.entry({ ...head, quantity: quantity.negated(), price: d("100") }));
  }
}

it("a strategy never has more than there is, whenever its fees are posted", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
      const model = new Model();
      for (const each of steps) {
        model.take(each);
        const net = model.desk.scene.account.positions.quantity(AAPL);
        const shares = STRATEGIES.map((strategy) => model.share(strategy));
        expect(net.toString()).toBe(model.theirs.toString());
        expect(Decimal.sum(shares).lte(net)).toBe(true);
        expect(shares.some((share) => share.isNegative())).toBe(false);
      }
      expect(model.desk.scene.account.suspected.size).toBe(0);
      expect(replay(model.desk.scene).accounts).toEqual(model.desk.scene.book.accounts);
    }),
  );
});
