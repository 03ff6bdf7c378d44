// Cash in a reconciliation: the record explains what the broker shows, or a person is told.
import { describe, expect, it } from "vitest";
import type { BrokerActivity, BrokerView } from "../../../src/domain/broker.ts";
import type { DomainEvent } from "../../../src/domain/event.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerOrderId } from "../../../src/domain/ids.ts";
import { World } from "../risk/world.ts";
import { AAPL, brokerIdOf, d, only, replay, Scene, types } from "./scene.ts";

const MINUTE = 60_000;

/** A scene, and what its broker has in cash. */
class Till {
  readonly scene = new Scene();
  cash = d("100000");

  look(more: Partial<BrokerView> = {}, afterMs = MINUTE): readonly DomainEvent[] {
    this.scene.world.now += afterMs;
    this.scene.world.price(AAPL, "100");
    const { account } = this.scene.viewOf();
    const quantity = this.scene.account.positions.quantity(AAPL);
    const positions = [{ symbol: AAPL, instrumentId: AAPL, quantity, averagePrice: d("100") }];
    return this.scene.view({ account: { ...account, cash: this.cash }, positions, ...more });
  }

  /** Looks until whatever stays the same is believed. */
  lookForLong(more: Partial<BrokerView> = {}): readonly DomainEvent[] {
    return Array.from({ length: 15 }, () => this.look(more)).flat();
  }

  pay(amount: string): void {
    this.cash = this.cash.plus(d(amount));
  }

  get told(): readonly string[] {
    return this.scene.log.flatMap(({ event }) =>
      event.type === "DifferenceFound" && event.kind === "cash"
        ? [`${event.ours} ${event.theirs}: ${event.action.split(":")[0]}`]
        : [],
    );
  }
}

/** What the broker had at first contact is recorded. */
function opened(): Till {
  const till = new Till();
  till.look();
  till.look();
  return till;
}

const entry = (more: Partial<BrokerActivity>): BrokerActivity => ({
  ...{ id: "fee-1", type: "FEE", status: "executed", symbol: null, instrumentId: null },
  ...{ quantity: null, netAmount: d("-0.37"), price: null, at: Date.parse("2026-06-09T20:00:00Z") },
  ...more,
});

function accept(till: Till) {
  const events = till.scene.command({ kind: "accept_cash", reason: "looked at" });
  return only(events, "CommandDecided").outcome;
}

describe("cash", () => {
  it("of the first contact is recorded once it was seen unchanged, and once", () => {
    const till = new Till();
    expect(types(till.look())).not.toContain("CashAdjusted");
    expect(types(till.look({}, 1_000))).not.toContain("CashAdjusted");
    const { adjustment } = only(till.look(), "CashAdjusted");
    expect(adjustment).toMatchObject({ id: "opening cash", kind: "opening_balance" });
    expect(adjustment.amount.toString()).toBe("100000");
    expect(types(till.lookForLong())).not.toContain("CashAdjusted");
    expect(till.told).toEqual([]);
  });

  it("of the first contact is what is there, beside positions that were bought before", () => {
    const positions = [
      { symbol: AAPL, instrumentId: AAPL, quantity: d("7"), averagePrice: d("90") },
    ];
    const fresh = new Scene(new World());
    fresh.world.price(AAPL, "100");
    fresh.view({ positions });
    fresh.world.now += MINUTE;
    const { adjustment } = only(fresh.view({ positions }), "CashAdjusted");
    expect(adjustment).toMatchObject({ id: "opening cash", amount: d("100000") });
  });

  it("is what the fills made of it", () => {
    const till = opened();
    till.scene.bought("5");
    till.pay("-500");
    till.lookForLong();
    till.scene.working({ side: "sell", quantity: "2", limitPrice: "99" });
    till.scene.filled(asId(till.scene.log.findLast(isPlaced)?.event.orderId ?? ""), "2", "101.5");
    till.pay("203");
    till.lookForLong();
    expect(till.told).toEqual([]);
    expect(till.scene.account.cash.look?.unexplained.toString()).toBe("0");
  });

  it("that a bust gave back is explained", () => {
    const till = opened();
    const id = till.scene.working({ side: "buy", quantity: "5", limitPrice: "100" });
    const execution = till.scene.execution("5", "100");
    till.scene.report(id, { kind: "executed", execution });
    till.scene.report(id, { kind: "busted", executionId: execution.id });
    till.lookForLong();
    expect(till.told).toEqual([]);
  });

  it("that nothing explains is told after a while, once, with both sums", () => {
    const till = opened();
    till.pay("-12.5");
    for (let minutes = 0; minutes < 10; minutes += 1) till.look();
    expect(till.told).toEqual([]);
    till.lookForLong();
    expect(till.told).toEqual(["100000 99987.5: told"]);
    expect(till.scene.alarms).toEqual(["cash_difference"]);
    expect(types(till.scene.log.map(({ event }) => event))).not.toContain("PositionAdjusted");
    expect(replay(till.scene).accounts).toEqual(till.scene.book.accounts);
  });

  it("that a person accepts is no difference any more, until it changes", () => {
    const till = opened();
    expect(accept(till)).toMatchObject({ result: "refused", code: "nothing_to_do" });
    till.pay("-12.5");
    till.lookForLong();
    expect(accept(till)).toMatchObject({ result: "done", code: "accepted" });
    till.lookForLong();
    expect(till.told).toHaveLength(1);
    expect(accept(till)).toMatchObject({ result: "refused", code: "nothing_to_do" });
    till.pay("-1");
    till.lookForLong();
    expect(till.told).toEqual(["100000 99987.5: told", "100000 99986.5: told"]);
    till.pay("1");
    till.lookForLong();
    expect(till.told.at(-1)).toBe("100000 99987.5: explained since");
    till.lookForLong();
    expect(till.told).toHaveLength(3);
    expect(replay(till.scene).accounts).toEqual(till.scene.book.accounts);
  });

  it("of a broker that rounds each fill is half a cent off for each at most", () => {
    const till = opened();
    for (let fill = 0; fill < 5; fill += 1) {
      till.scene.bought("0.5");
      till.pay("-50.005");
    }
    till.lookForLong();
    expect(till.told).toEqual([]);
    till.pay("-0.02");
    till.lookForLong();
    expect(till.told).toHaveLength(1);
  });

  it("is not expected to have paid for a split that nobody told", () => {
    const till = opened();
    till.scene.bought("10");
    till.pay("-1000");
    till.lookForLong();
    const positions = [
      { symbol: AAPL, instrumentId: AAPL, quantity: d("20"), averagePrice: d("50") },
    ];
    till.lookForLong({ positions });
    expect(till.scene.position()).toBe("20");
    expect(till.scene.account.positions.net(AAPL)?.costBasis.toString()).toBe("1000");
    expect(till.told).toEqual([]);
  });

  it("that is explained later is told as such, without an alarm", () => {
    const till = opened();
    till.pay("-0.37");
    till.lookForLong();
    till.lookForLong({ activities: [entry({ at: till.scene.now })] });
    expect(till.told).toEqual(["100000 99999.63: told", "99999.63 99999.63: explained since"]);
    expect(till.scene.alarms).toEqual(["cash_difference"]);
  });

  it.each([
    { what: "a fee", of: { type: "FEE", netAmount: d("-0.37") }, moved: "-0.37" },
    { what: "interest", of: { type: "INT", netAmount: d("1.2") }, moved: "1.2" },
    { what: "a transfer", of: { type: "CSD", netAmount: d("5000") }, moved: "5000" },
    {
      what: "a dividend",
      of: { type: "DIV", symbol: AAPL, instrumentId: AAPL, netAmount: d("2.5") },
      moved: "2.5",
    },
  ])("that came or went by $what is explained by the broker's entry, once", ({ of, moved }) => {
    const till = opened();
    const activities = [entry({ ...of, at: till.scene.now + 1 })];
    till.pay(moved);
    till.lookForLong({ activities });
    expect(till.told).toEqual([]);
    expect(till.look({ activities }, 0)).toEqual([]);
  });

  it("is not expected to move when shares come that were paid for elsewhere", () => {
    const till = opened();
    const shares = { type: "ACATS", symbol: AAPL, instrumentId: AAPL, netAmount: null };
    const at = till.scene.now + 1;
    const activities = [entry({ ...shares, quantity: d("3"), price: d("90"), at })];
    till.lookForLong({ activities });
    expect(till.scene.position()).toBe("3");
    expect(till.told).toEqual([]);
  });

  it("that others moved is explained by their fills", () => {
    const till = opened();
    const fill = till.scene.execution("4", "99.5", {
      ...{ brokerOrderId: asId<BrokerOrderId>("X"), executedAt: till.scene.now + 1 },
    });
    till.pay("-398");
    const executions = [{ ...fill, symbol: AAPL, side: "buy" as const }];
    till.look({ executions, positions: [] });
    till.lookForLong({ executions });
    expect(till.told).toEqual([]);
  });

  it("is not judged while fills of an order are missing", () => {
    const till = opened();
    const id = till.scene.working({ side: "buy", quantity: "5", limitPrice: "100" });
    till.pay("-500");
    const filledQuantity = d("5");
    for (let minutes = 0; minutes < 15; minutes += 1) {
      till.look({ askedOrders: [till.scene.snapshot(id, { filledQuantity })], positions: [] });
    }
    expect(till.told).toEqual([]);
  });

  it("is not judged by a look that was begun before the last fill", () => {
    const till = opened();
    const logSeq = till.scene.book.seq;
    till.scene.bought("5");
    till.lookForLong({ logSeq });
    expect(till.told).toEqual([]);
  });

  it("shown to the cent is no difference, and neither are in-flight figures that change", () => {
    const till = opened();
    till.scene.bought("0.333", { limitPrice: "100" });
    till.pay("-33.30");
    till.pay("0.004");
    till.lookForLong();
    for (let minutes = 0; minutes < 30; minutes += 1) {
      till.pay(minutes % 2 === 0 ? "-7" : "7");
      till.look();
    }
    expect(till.told).toEqual([]);
  });

  it("is opened only by figures that agree with each other", () => {
    const till = new Till();
    till.look();
    till.pay("-500");
    till.look();
    const id = till.scene.working({ side: "buy", quantity: "5", limitPrice: "100" });
    till.scene.report(id, {
      kind: "executed",
      execution: till.scene.execution("5", "100", { brokerOrderId: brokerIdOf(id) }),
    });
    till.look();
    till.look();
    till.lookForLong();
    expect(till.scene.account.cash.adjusted.toString()).toBe("100000");
    expect(till.told).toEqual([]);
  });

  it("of an account with positions in another currency is not judged", () => {
    const till = opened();
    till.scene.bought("5");
    const { account } = till.scene.account;
    Object.assign(till.scene.account, { account: { ...account, currency: "EUR" } });
    till.pay("-77");
    till.lookForLong({ account: { ...till.scene.viewOf().account, currency: "EUR" } });
    expect(till.told).toEqual([]);
  });

  it("is looked at without a trace when nothing has changed: also right behind a change", () => {
    const till = new Till();
    till.look();
    for (let minutes = 0; minutes < 15; minutes += 1) {
      if (minutes === 3) till.pay("-3");
      till.look();
      expect(till.look({}, 0)).toEqual([]);
    }
    expect(till.told).toEqual(["100000 99997: told"]);
  });
});

function isPlaced<Told extends { readonly event: DomainEvent }>(
  told: Told,
): told is Told & { readonly event: Extract<DomainEvent, { type: "OrderPlaced" }> } {
  return told.event.type === "OrderPlaced";
}
