// An order that was taken for somebody else's and is ours after all: a person adopts it, or the answer that
// names it comes late. What was counted of it meanwhile counts once, in whatever order it was told.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BrokerOrderSnapshot, BrokerReport } from "../../../src/domain/broker.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import type { RecordedEvent } from "../../../src/domain/event.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerOrderId, BrokerReference, ExecutionId } from "../../../src/domain/ids.ts";
import { PositionLedger } from "../../../src/domain/position/ledger.ts";
import { Desk, explained, held } from "./desk.ts";
import { AAPL, ACCOUNT_ID, d, replay } from "./scene.ts";
import { positionHistory, rebuild } from "../../support/position-history.ts";

const X = asId<BrokerOrderId>("X");
const Y = asId<BrokerOrderId>("Y");
const IDS = ["same", "different", "none"] as const;
type Ids = (typeof IDS)[number];

/** A stranger's order to buy ten, its fills, and every way in which they are told. */
class Stranger extends Desk {
  readonly #ids: Ids;
  readonly #fills: { readonly quantity: Decimal; readonly sum: Decimal; readonly at: number }[] =
    [];
  /** What the broker had before. */
  #before = Decimal.ZERO;
  /** What others sold of all that is there, by another order. */
  #sales: ReturnType<Desk["foreign"]>[] = [];

  constructor(ids: Ids = "different") {
    super();
    this.#ids = ids;
    this.average = "100";
    // The cash of the beginning is in the record.
    this.settle();
  }

  get sum(): Decimal {
    return Decimal.sum(this.#fills.map(({ quantity }) => quantity));
  }

  /** Before anything else: so much is there and left to others. */
  beside(quantity: string): this {
    this.#before = d(quantity);
    this.theirs = quantity;
    this.look();
    this.ignore();
    return this;
  }

  fill(quantity: string): void {
    this.scene.world.now += 1_000;
    const sum = this.sum.plus(d(quantity));
    this.#fills.push({ quantity: d(quantity), sum, at: this.scene.now });
    this.theirs = this.#before.plus(sum).minus(this.sold).toString();
  }

  /** What others have, and nothing that differs: that may be a fill on its way. */
  takeOver(): void {
    if (!this.scene.account.suspected.has(AAPL)) this.adopt("100");
  }

  get sold(): Decimal {
    return Decimal.sum(this.#sales.map((each) => each.quantity));
  }

  /** Of what the broker holds no more than is there. */
  sellOn(quantity: string): void {
    const sold = Decimal.min(d(quantity), d(this.theirs));
    if (sold.isZero()) return;
    this.scene.world.now += 1_000;
    const id = asId<ExecutionId>(`sale-${this.#sales.length}`);
    const cumulativeQuantity = this.sold.plus(sold);
    const told = { id, brokerOrderId: Y, cumulativeQuantity, executedAt: this.scene.now };
    this.#sales.push(this.foreign("sell", sold.toString(), told));
    this.theirs = d(this.theirs).minus(sold).toString();
  }

  snapshot(filled: Decimal = this.sum): BrokerOrderSnapshot {
    return {
      ...{ brokerOrderId: X, reference: asId("theirs"), symbol: "AAPL", instrumentId: AAPL },
      ...{ side: "buy", type: "limit", timeInForce: "gtc", quantity: d("10"), notional: null },
      ...{ limitPrice: d("100"), stopPrice: null, filledQuantity: filled },
      status: filled.isZero() ? "accepted" : filled.eq(d("10")) ? "filled" : "partially_filled",
      averagePrice: filled.isZero() ? null : d("100"),
      ...{ replacedBy: null, replaces: null, legs: [], message: null },
      ...{ submittedAt: this.scene.now, updatedAt: this.scene.now },
    };
  }

  #execution(n: number, source: "stream" | "activity") {
    const fill = this.#fills[n];
    if (fill === undefined) throw new Error(`there is no fill ${n}`);
    const { quantity, sum, at } = fill;
    const name = source === "activity" && this.#ids !== "same" ? `activity-${n}` : `fill-${n}`;
    const id = asId<ExecutionId>(source === "stream" && this.#ids === "none" ? `X:${sum}` : name);
    const figures = { cumulativeQuantity: sum, executedAt: at, source };
    return this.scene.execution(quantity.toString(), "100", { id, brokerOrderId: X, ...figures });
  }

  frame(n: number): void {
    const execution = this.#execution(n, "stream");
    const snapshot = this.snapshot(this.#fills[n]?.sum);
    const head = { accountId: ACCOUNT_ID, brokerOrderId: X, reference: snapshot.reference };
    const report: BrokerReport = {
      ...{ ...head, kind: "executed", at: execution.executedAt, snapshot, execution },
    };
    this.scene.when({ kind: "report", report });
  }

  /** Everything there is, or an order read before its last fills. */
  see(shown: Decimal = this.sum): void {
    const bought = this.#fills.map((_, n) => {
      return { ...this.#execution(n, "activity"), symbol: "AAPL", side: "buy" as const };
    });
    const executions = [...bought, ...this.#sales];
    const snapshot = this.snapshot(shown);
    const where = snapshot.status === "filled" ? "askedOrders" : "openOrders";
    const positions = this.theirs === "0" ? [] : [held(this.theirs, "100")];
    this.scene.world.now += 10_000;
    this.scene.world.price(AAPL, "100");
    const { account } = this.scene.viewOf();
    const cash = account.cash.minus(this.sum.minus(this.sold).times(d("100")));
    this.scene.view({ executions, positions, [where]: [snapshot], account: { ...account, cash } });
  }

  take(): string {
    return this.say({ kind: "adopt_order", brokerOrderId: X }).code;
  }

  get ours() {
    const id = this.scene.account.byBrokerOrderId.get(X);
    return id === undefined ? undefined : this.scene.order(id);
  }
}

const paid = (desk: Desk): string => explained(desk).toString();

describe.each(IDS)("with execution ids that are: %s", (ids) => {
  it("a fill that a look counted counts once when the frame comes and the order is adopted", () => {
    const desk = new Stranger(ids);
    desk.fill("5");
    desk.see(Decimal.ZERO);
    desk.frame(0);
    expect(desk.scene.account.parked.size).toBe(0);
    expect(desk.take()).toBe("adopted");
    expect(desk.scene.position()).toBe("5");
    expect(desk.ours?.filledQuantity.toString()).toBe("5");
  });

  it("and when the order is adopted before a look tells it again", () => {
    const desk = new Stranger(ids);
    desk.fill("5");
    desk.see(Decimal.ZERO);
    expect(desk.take()).toBe("adopted");
    desk.see();
    expect(desk.scene.position()).toBe("5");
    expect(desk.scene.account.positions.net(AAPL)).toMatchObject({ costBasis: d("500") });
    expect(paid(desk)).toBe("99500");
  });

  it("partly filled it can be adopted, where each of its fills was told", () => {
    const desk = new Stranger(ids);
    desk.fill("4");
    desk.see();
    desk.fill("1");
    desk.frame(1);
    expect(desk.take()).toBe("adopted");
    desk.see();
    expect(desk.scene.position()).toBe("5");
    expect(desk.ours).toMatchObject({ status: "partially_filled", filledQuantity: d("5") });
  });

  it("what was theirs of it is theirs no more", () => {
    const desk = new Stranger(ids).beside("20");
    const before = paid(desk);
    desk.fill("5");
    desk.see();
    expect(desk.both).toEqual(["0", "25"]);
    desk.take();
    expect(desk.both).toEqual(["5", "20"]);
    expect(explained(desk).minus(d(before)).toString()).toBe("-500");
    desk.see();
    desk.see();
    expect(desk.both).toEqual(["5", "20"]);
  });

  it("what a person took over of it meanwhile is taken over once", () => {
    const desk = new Stranger(ids).beside("20");
    const before = explained(desk);
    desk.fill("5");
    desk.see();
    desk.adopt("100");
    expect(desk.both).toEqual(["25", "none"]);
    desk.take();
    expect(desk.both).toEqual(["25", "none"]);
    expect(desk.ours?.filledQuantity.toString()).toBe("5");
    expect(explained(desk).minus(before).toString()).toBe("-500");
    expect(desk.scene.account.positions.net(AAPL)).toMatchObject({ costBasis: d("2500") });
    desk.see();
    expect(desk.both).toEqual(["25", "none"]);
  });

  it.each([
    ["25", ["0", "none"]],
    ["23", ["2", "none"]],
    ["7", ["5", "13"]],
  ])("and what others sold on is not left: of 25 they sold %s", (sold, both) => {
    const desk = new Stranger(ids).beside("20");
    const before = explained(desk);
    desk.fill("5");
    desk.see();
    desk.sellOn(sold);
    desk.see();
    desk.take();
    expect(desk.both).toEqual(both);
    const cash = desk.sold.minus(d("5")).times(d("100"));
    expect(explained(desk).minus(before).toString()).toBe(cash.toString());
    desk.see();
    expect(desk.both).toEqual(both);
  });

  it("a correction that was left to others gives it back from what they still have", () => {
    const desk = new Stranger(ids).beside("20");
    desk.fill("5");
    // Left to others before anybody told what it was.
    desk.look();
    desk.ignore();
    expect(desk.both).toEqual(["0", "25"]);
    desk.see();
    desk.adopt("100");
    desk.take();
    expect(desk.both).toEqual(["25", "none"]);
    expect(desk.ours?.filledQuantity.toString()).toBe("5");
  });

  it("what a correction had of it, it has no more", () => {
    const desk = new Stranger(ids);
    desk.fill("5");
    // The broker's average says something else than the fill: with fees in it, or of before.
    desk.average = "90";
    desk.settle();
    expect(desk.both).toEqual(["5", "none"]);
    desk.see();
    expect(desk.both).toEqual(["5", "none"]);
    expect(desk.take()).toBe("adopted");
    expect(desk.both).toEqual(["5", "none"]);
    expect(desk.ours?.filledQuantity.toString()).toBe("5");
    expect(paid(desk)).toBe("99500");
    desk.settle();
    expect(desk.both).toEqual(["5", "none"]);
  });
});

it("an exit of ours that filled before its name was known is its strategy's", () => {
  const { scene } = new Stranger();
  scene.signal({
    ...{ side: "buy", quantity: "10", strategy: "slow", takeProfit: "110", stopLoss: "90" },
  });
  const sent = scene.calls.at(-1);
  if (sent?.kind !== "submit") throw new Error("nothing was sent");
  const { orderId: id, generation } = sent;
  const outcome = { result: "unresolved", cause: "timeout", alarm: false } as const;
  scene.outcome({ kind: "submit", orderId: id, generation, outcome });
  const whole = { status: "filled", filledQuantity: d("10") } as const;
  const entry = scene.execution("10", "100", { cumulativeQuantity: d("10") });
  scene.report(id, { kind: "executed", snapshot: scene.snapshot(id, whole), execution: entry });
  const leg = takeProfit(scene.snapshot(id, whole));
  scene.world.now += 1_000;
  const told = {
    brokerOrderId: leg.brokerOrderId,
    cumulativeQuantity: d("10"),
    executedAt: scene.now,
  };
  const { reference } = leg;
  scene.when({
    kind: "report",
    report: {
      ...{ accountId: ACCOUNT_ID, brokerOrderId: leg.brokerOrderId, reference, at: scene.now },
      ...{ kind: "executed", snapshot: leg, execution: scene.execution("10", "110", told) },
    },
  });
  const listed = { ...scene.execution("10", "110", told), symbol: "AAPL", side: "sell" as const };
  scene.world.now += 500;
  scene.view({ executions: [listed] });
  const found = {
    result: "found",
    snapshot: { ...scene.snapshot(id, whole), legs: [leg] },
  } as const;
  scene.outcome({ kind: "lookup", orderId: id, outcome: found });
  scene.world.now += 5_000;
  scene.view({ executions: [listed] });
  const { positions } = scene.account;
  expect(scene.position()).toBe("0");
  expect(positions.ofStrategy(AAPL, asId("slow"))).toMatchObject({
    quantity: Decimal.ZERO,
    realizedGross: d("100"),
  });
  expect(scene.alarms).toEqual([]);
  expect([...replay(scene).accounts.values()][0]?.positions.net(AAPL)).toEqual(positions.net(AAPL));
});

function takeProfit(entry: BrokerOrderSnapshot): BrokerOrderSnapshot {
  const names = {
    brokerOrderId: asId<BrokerOrderId>("TP"),
    reference: asId<BrokerReference>("of the broker"),
  } as const;
  return { ...entry, ...names, side: "sell", type: "limit", limitPrice: d("110"), legs: [] };
}

/** Told in any order, some of it twice; the order is adopted as soon as that is possible. */
const step = fc.oneof(
  fc.record({ kind: fc.constant("fill" as const), quantity: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant("frame" as const), pick: fc.nat(9) }),
  fc.record({ kind: fc.constant("see" as const), shown: fc.nat(10) }),
  fc.record({ kind: fc.constant("look" as const) }),
  fc.record({ kind: fc.constant("take" as const) }),
  fc.record({ kind: fc.constant("adopt" as const) }),
  fc.record({ kind: fc.constant("sell on" as const), quantity: fc.integer({ min: 1, max: 30 }) }),
);

describe("whatever is told first", () => {
  it.each(IDS)(
    "both sides hold the same in the end, and it was paid once (%s)",
    (ids) => {
      fc.assert(
        fc.property(
          fc.array(step, { maxLength: 14 }),
          fc.record({ isBeside: fc.boolean(), average: fc.constantFrom("100", "90") }),
          (steps, { isBeside, average }) => {
            const desk = new Stranger(ids);
            desk.average = average;
            if (isBeside) desk.beside("20");
            const before = explained(desk);
            let fills = 0;
            for (const one of steps) {
              if (
                one.kind === "fill" &&
                desk.sum.plus(Decimal.ofInteger(one.quantity)).lte(d("9"))
              ) {
                desk.fill(String(one.quantity));
                fills += 1;
              } else if (one.kind === "frame" && fills > 0) desk.frame(one.pick % fills);
              else if (one.kind === "see")
                desk.see(Decimal.min(desk.sum, Decimal.ofInteger(one.shown)));
              else if (one.kind === "look") desk.look();
              else if (one.kind === "take") desk.take();
              else if (one.kind === "adopt") desk.takeOver();
              else if (one.kind === "sell on") desk.sellOn(String(one.quantity));
              expect(desk.others).not.toMatch(/^-/);
            }
            for (let n = 0; n < fills; n += 1) desk.frame(n);
            desk.see();
            desk.take();
            for (let look = 0; look < 3; look += 1) desk.see();
            expect(desk.ours?.filledQuantity.toString()).toBe(desk.sum.toString());
            const isApart = steps.some(({ kind }) => kind === "adopt" || kind === "sell on");
            const [ours, others] = desk.both;
            if (!isApart)
              expect([ours, others]).toEqual([desk.sum.toString(), isBeside ? "20" : "none"]);
            expect(others).not.toMatch(/^-/);
            expect(
              d(ours)
                .plus(d(others === "none" ? "0" : others))
                .toString(),
            ).toBe(desk.theirs);
            // A fill that comes after its correction is taken out again at the average of both, or at no price
            // where the broker holds nothing any more: then the cash differs, which is told.
            const isExact = average === "100" && !desk.scene.log.some(isUnpricedCorrection);
            const spent = desk.sold.minus(desk.sum).times(d("100"));
            const cash = isExact ? explained(desk).minus(before) : spent;
            expect(cash.toString()).toBe(spent.toString());
            expect(picture(replay(desk.scene))).toBe(picture(desk.scene.book));
            expect(folded(desk)).toEqual(sums(desk.scene.account.positions));
          },
        ),
        { numRuns: 100 },
      );
    },
    60_000,
  );
});

function isUnpricedCorrection({ event }: RecordedEvent): boolean {
  if (event.type !== "PositionAdjusted") return false;
  return event.adjustment.kind === "correction" && event.adjustment.price === null;
}

/** The position as all facts of the log make it. */
function folded({ scene }: Desk) {
  const ledger = new PositionLedger(ACCOUNT_ID);
  const events = scene.log.map(({ event }) => event);
  rebuild(ledger, AAPL, positionHistory(AAPL, events));
  return sums(ledger);
}

function sums(ledger: PositionLedger) {
  const { quantity, costBasis, realizedGross } = ledger.net(AAPL) ?? NOTHING_HELD;
  return [quantity, realizedGross.minus(costBasis)].map(String);
}

const NOTHING_HELD = { quantity: d("0"), costBasis: d("0"), realizedGross: d("0") };

function picture({ accounts }: ReturnType<typeof replay>): string {
  const told = [...accounts.values()].map(
    ({ orders, positions, others, foreign, parked, cash }) => [
      [...orders],
      [...positions.all()],
      [...others],
      [...foreign],
      [...parked],
      cash,
    ],
  );
  return JSON.stringify(told);
}
