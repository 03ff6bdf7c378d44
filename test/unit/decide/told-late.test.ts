// Entries that are told after the position was corrected already, and splits of which half is told: what
// moved is counted once, and belongs to whom it belongs.
import { describe, expect, it } from "vitest";
import type { BrokerActivity } from "../../../src/domain/broker.ts";
import type { Decimal } from "../../../src/domain/decimal.ts";
import type { DomainEvent } from "../../../src/domain/event.ts";
import { Desk, explained, isQuiet } from "./desk.ts";
import { AAPL, d, replay, types } from "./scene.ts";
import type { Fill } from "./scene.ts";

const HOUR_MS = 60 * 60_000;

/** Six of one strategy, three of another, one of nobody's, at 100 each. */
function ten(): Desk {
  const desk = new Desk();
  desk.scene.bought("6", { strategy: "slow" });
  desk.scene.bought("3", { strategy: "quick" });
  desk.scene.bought("1");
  desk.theirs = "10";
  desk.average = "100";
  expect(isQuiet(desk.look())).toBe(true);
  return desk;
}

interface Moved {
  readonly theirs: string;
  readonly average: string | null;
}

/** The position changes at the broker, is corrected here, and only then an entry tells why. */
function corrected(desk: Desk, { theirs, average }: Moved): BrokerActivity {
  const at = desk.scene.now + 1;
  Object.assign(desk, { theirs, average });
  desk.settle();
  expect(desk.scene.position()).toBe(theirs);
  return desk.entry({ at });
}

const parts = (desk: Desk) => ["slow", "quick"].map((name) => desk.strategy(name));
const cost = (desk: Desk) => desk.scene.account.positions.net(AAPL)?.costBasis.toString();
const gained = (desk: Desk) => desk.scene.account.positions.net(AAPL)?.realizedGross.toString();
/** So many at the price at which the position was corrected. */
function paidFor(desk: Desk, quantity: string): Decimal {
  const corrections = desk.scene.log.flatMap(({ event }) =>
    event.type === "PositionAdjusted" && event.adjustment.kind === "correction"
      ? [event.adjustment]
      : [],
  );
  const price = corrections[0]?.price ?? null;
  if (price === null) throw new Error("nothing was corrected at a price");
  return price.times(d(quantity));
}
const moves = (events: readonly DomainEvent[]): string[] =>
  events.flatMap((event) =>
    event.type === "PositionAdjusted" ? [event.adjustment.quantity.toString()] : [],
  );

describe("a split that was corrected before its entry was told", () => {
  it.each([
    { theirs: "40", average: "25", change: "30", shares: ["24", "12"] },
    { theirs: "5", average: "200", change: "-5", shares: ["3", "1.5"] },
  ])("to $theirs is shared out at once by its cost, and its entry moves nothing", (split) => {
    const desk = ten();
    const entry = { ...corrected(desk, split), quantity: d(split.change) };
    expect(parts(desk)).toEqual(split.shares);
    const events = desk.look({ activities: [entry] });
    expect(moves(events)).toEqual(["0"]);
    expect([desk.scene.position(), ...parts(desk)]).toEqual([split.theirs, ...split.shares]);
    expect([cost(desk), gained(desk)]).toEqual(["1000", "0"]);
    expect(isQuiet(desk.look({ activities: [entry] }))).toBe(true);
    expect(replay(desk.scene).accounts).toEqual(desk.scene.book.accounts);
  });

  it.each([
    { theirs: "40", change: "30", shares: ["24", "12"] },
    { theirs: "5", change: "-5", shares: ["3", "1.5"] },
  ])("to $theirs at a cost of its own is shared out when the entry is told", (split) => {
    const desk = ten();
    const entry = { ...corrected(desk, { ...split, average: "90" }), quantity: d(split.change) };
    const before = explained(desk);
    desk.look({ activities: [entry] });
    expect([desk.scene.position(), ...parts(desk)]).toEqual([split.theirs, ...split.shares]);
    // The correction counted them as paid for, and they were not.
    expect([cost(desk), gained(desk)]).toEqual(["1000", "0"]);
    expect(explained(desk).minus(before).eq(paidFor(desk, split.change))).toBe(true);
    expect(isQuiet(desk.look({ activities: [entry] }))).toBe(true);
  });

  it("gives no part of it to what was bought since", () => {
    const desk = ten();
    const entry = { ...corrected(desk, { theirs: "40", average: "90" }), quantity: d("30") };
    desk.scene.bought("10", { strategy: "slow" });
    desk.theirs = "50";
    desk.look({ activities: [entry] });
    expect([desk.scene.position(), ...parts(desk)]).toEqual(["50", "34", "12"]);
    expect(isQuiet(desk.look({ activities: [entry] }))).toBe(true);
  });

  it("counts after all where this very look shows that it is still missing", () => {
    const desk = ten();
    const entry = { ...corrected(desk, { theirs: "12", average: "95" }), quantity: d("12") };
    Object.assign(desk, { theirs: "24", average: "47.5" });
    desk.look({ activities: [entry] });
    expect(desk.scene.position()).toBe("24");
    expect(isQuiet(desk.look({ activities: [entry] }))).toBe(true);
  });

  it("counts after all where it brings us nearer, whatever else differs", () => {
    const desk = ten();
    const entry = { ...corrected(desk, { theirs: "12", average: "95" }), quantity: d("12") };
    Object.assign(desk, { theirs: "25", average: "47.5" });
    desk.look({ activities: [entry] });
    expect(desk.scene.position()).toBe("24");
  });

  it("and younger than the correction counts as it is", () => {
    const desk = ten();
    corrected(desk, { theirs: "12", average: "95" });
    const entry = desk.entry({ quantity: d("12"), at: desk.scene.now + 1 });
    desk.look({ activities: [entry] });
    expect(desk.scene.position()).toBe("24");
  });
});

describe("a fee in coin that was corrected before its entry was told", () => {
  it("moves nothing, and the rest has cost what all had cost", () => {
    const desk = ten();
    const late = corrected(desk, { theirs: "9", average: "95" });
    expect([cost(desk), gained(desk)]).toEqual(["900", "0"]);
    const entry = { ...late, type: "CFEE", quantity: d("-1") };
    expect(moves(desk.look({ activities: [entry] }))).toEqual(["0", "0"]);
    expect([desk.scene.position(), cost(desk), gained(desk)]).toEqual(["9", "1000", "0"]);
  });
});

describe("a transfer that was corrected before its entry was told", () => {
  it("moves nothing, and what was not paid for it explains the cash", () => {
    const desk = ten();
    const late = corrected(desk, { theirs: "14", average: "95" });
    const cashBefore = desk.scene.account.cash.adjusted;
    const entry = { ...late, type: "ACATS", quantity: d("4"), price: d("80") };
    const events = desk.look({ activities: [entry] });
    expect(moves(events)).toEqual(["0"]);
    expect([desk.scene.position(), ...parts(desk)]).toEqual(["14", "6", "3"]);
    const value = desk.scene.account.cash.adjusted.minus(cashBefore);
    expect(value.eq(paidFor(desk, "4"))).toBe(true);
  });
});

describe("a fill of others that was corrected before it was told", () => {
  const late = (desk: Desk, more: Partial<Fill> = {}) => {
    const fill = desk.foreign("buy", "4", { executedAt: desk.scene.now + 1, ...more });
    corrected(desk, { theirs: "14", average: "95" });
    return fill;
  };

  it("moves nothing, and the cash by what was paid for it", () => {
    const desk = ten();
    const fill = late(desk, { fee: d("0.5") });
    const before = explained(desk);
    const events = desk.look({ executions: [fill] });
    expect(moves(events)).toEqual(["0"]);
    expect(desk.scene.position()).toBe("14");
    // 82.5 each was counted for the four, and 100 each and a fee were paid.
    expect(before.minus(explained(desk)).toString()).toBe("70.5");
    expect(isQuiet(desk.look({ executions: [fill] }))).toBe(true);
  });

  it("counts where this very look shows that it is still missing", () => {
    const desk = ten();
    const fill = late(desk);
    desk.theirs = "18";
    desk.look({ executions: [fill] });
    expect(desk.scene.position()).toBe("18");
  });
});

describe("a dividend in shares", () => {
  it("says for how many it was paid, not how many came: those are shared out by their cost", () => {
    const desk = ten();
    Object.assign(desk, { theirs: "11", average: "90.9091" });
    const paid = desk.entry({ type: "DIV", quantity: d("10"), at: desk.scene.now + 1 });
    for (let look = 0; look < 3; look += 1) desk.look({ activities: [paid] });
    expect([desk.scene.position(), ...parts(desk)]).toEqual(["11", "6.6", "3.3"]);
    expect([cost(desk), gained(desk)]).toEqual(["1000", "0"]);
  });
});

describe("half of a split", () => {
  it("holds back the comparison until the other half is told", () => {
    const desk = ten();
    const at = desk.scene.now + 1;
    const half = desk.entry({ status: "pending", quantity: d("-10"), at });
    desk.theirs = "0";
    for (let look = 0; look < 3; look += 1) {
      expect(isQuiet(desk.look({ activities: [half] }))).toBe(true);
    }
    Object.assign(desk, { theirs: "40", average: "25" });
    desk.look({ activities: [desk.entry({ quantity: d("30"), at })] });
    expect([desk.scene.position(), ...parts(desk)]).toEqual(["40", "24", "12"]);
    expect([cost(desk), gained(desk)]).toEqual(["1000", "0"]);
  });

  it("holds it back for a day at most, and for its own share alone", () => {
    const desk = ten();
    const half = desk.entry({ status: "pending", quantity: d("-10"), at: desk.scene.now + 1 });
    desk.theirs = "0";
    desk.scene.world.now += 25 * HOUR_MS;
    expect(types(desk.look({ activities: [half] }))).toContain("DifferenceFound");
    const other = ten();
    other.theirs = "9";
    const elsewhere = { ...half, symbol: "MSFT", instrumentId: null, at: other.scene.now };
    expect(types(other.look({ activities: [elsewhere] }))).toContain("DifferenceFound");
  });
});
