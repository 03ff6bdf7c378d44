// A bust or a correction that nobody told: what the broker's order shows is all that is left of it.
import { describe, expect, it } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import type { OrderEvent } from "../../../src/domain/order/status.ts";
import { restatedUntold } from "../../../src/domain/order/untold.ts";
import { brokerId, snapshotOf } from "../../support/orders.ts";
import { play } from "./script.ts";

/** The fills that were booked, and what the order shows: what is made of it, one text per event. */
function restated(fills: readonly string[], filled: string, average: string | null): string[] {
  return eventsOf(fills, filled, average).map(told);
}

function eventsOf(fills: readonly string[], filled: string, average: string | null) {
  const facts = fills.map((fill) => (fill.startsWith("bust") ? fill : `fill ${fill}`));
  const { state } = play({
    rule: "",
    steps: ["submit", "ack", ...facts].join("\n"),
    ends: "",
  }).stage;
  const snapshot = snapshotOf(state, {
    status: "partially_filled",
    filledQuantity: Decimal.of(filled),
    averagePrice: average === null ? null : Decimal.of(average),
  });
  return restatedUntold(state, snapshot);
}

function told(event: OrderEvent): string {
  if (event.type === "ExecutionBusted") return `${event.executionId} busted`;
  if (event.type !== "ExecutionCorrected") return event.type;
  const { quantity, price } = event.by;
  return `${event.executionId} is ${quantity.toString()}@${price.toString()}`;
}

const TWO = ["4@100 as X", "3@101 as Y"];

describe("of an order that took another's place", () => {
  const steps = "submit\nack\nfill 4@100 as X\nwant replace limit 101\nreplaced B2";
  const shown = (then: string, filled: string, average: string) => {
    const { state } = play({ rule: "", steps: `${steps}\n${then}`, ends: "" }).stage;
    const figures = { filledQuantity: Decimal.of(filled), averagePrice: Decimal.of(average) };
    const { quantity = null } = state.shown ?? {};
    return restatedUntold(state, snapshotOf(state, { ...figures, quantity })).map(told);
  };

  it("and carries its fills, it is about these too", () => {
    const carried = "seen partially_filled 4 on B2\nfill 4@101 on B2 as Y cum 8";
    expect(shown(carried, "8", "100.5")).toEqual([]);
    expect(shown(carried, "8", "100.25")).toEqual(["Y is 4@100.5"]);
    expect(shown(carried, "4", "101")).toEqual(["X busted"]);
    const alike = "seen partially_filled 4 on B2\nfill 4@100 on B2 as Y cum 8";
    expect(shown(alike, "4", "100")).toEqual(["Y busted"]);
  });

  it("and has not shown what it counts, nothing is taken back by it", () => {
    const next = "seen accepted 0 on B2 qty 6\nwant replace limit 102\nreplaced B3";
    for (const [then, expected] of [
      [`fill 4@101 on B2 as Y cum 8\nwant replace limit 102\nreplaced B3`, []],
      [`seen partially_filled 4 on B2\nwant replace limit 102\nreplaced B3`, ["X is 4@101"]],
      [next, []],
    ] as const) {
      const { state } = play({ rule: "", steps: `${steps}\n${then}`, ends: "" }).stage;
      const old = { brokerOrderId: brokerId("B2"), quantity: Decimal.of("6") };
      const figures = { filledQuantity: Decimal.of("4"), averagePrice: Decimal.of("101") };
      expect(restatedUntold(state, snapshotOf(state, { ...old, ...figures })).map(told)).toEqual(
        expected,
      );
    }
  });

  it("and shows what was left, it is about its own alone", () => {
    const rest = "seen accepted 0 on B2 qty 6\nfill 4@101 on B2 as Y cum 4";
    expect(shown(rest, "4", "101")).toEqual([]);
    expect(shown(rest, "4", "100")).toEqual(["Y is 4@100"]);
  });
});

describe("what an order shows that was not told", () => {
  it("is nothing where it shows what was booked", () => {
    expect(restated(TWO, "7", "100.428571428571")).toEqual([]);
  });

  it("is nothing where the broker rounds its averages more than we would", () => {
    expect(restated(TWO, "7", "100.4286")).toEqual([]);
    expect(restated(TWO, "7", "100.42857")).toEqual([]);
  });

  it("is nothing where it shows fills that are still to be told", () => {
    expect(restated(TWO, "9", "100.5")).toEqual([]);
  });

  it("is the bust of the fewest without which our sums are the broker's", () => {
    expect(restated(TWO, "4", "100")).toEqual(["Y busted"]);
    expect(restated(TWO, "3", "101")).toEqual(["X busted"]);
    expect(restated([...TWO, "2@99 as Z"], "3", "101")).toEqual(["X busted", "Z busted"]);
    expect(restated(TWO, "0", null)).toEqual(["X busted", "Y busted"]);
  });

  it("is the bust of the newest among equal ones: what fills next is counted from there on", () => {
    expect(restated(["4@100 as X", "4@100 as Y"], "4", "100")).toEqual(["Y busted"]);
  });

  it("is the bust of all of them where nothing is left, however many they are", () => {
    const three = [...TWO, "2@99 as Z"];
    expect(restated(three, "0", null)).toEqual(["X busted", "Y busted", "Z busted"]);
  });

  it("leaves alone what was taken back already", () => {
    expect(restated([...TWO, "bust X"], "3", "101")).toEqual([]);
    expect(restated([...TWO, "2@99 as Z", "bust X"], "2", "99")).toEqual(["Y busted"]);
  });

  it("is a correction by an execution with a name of its own, told by the order", () => {
    expect(eventsOf(TWO, "7", "100.4157")).toMatchObject([
      {
        type: "ExecutionCorrected",
        executionId: "Y",
        by: { id: "Y:restated", source: "snapshot", cumulativeQuantity: null },
      },
    ]);
  });

  it("is a price of eight places where no rounder one fits, ties to even", () => {
    const seven = ["5@100 as X", "2@100 as Y"];
    // The last two cost 200.00000007, and 200.00000049.
    expect(restated(seven, "7", "100.00000001")).toEqual(["Y is 2@100.00000004"]);
    expect(restated(seven, "7", "100.00000007")).toEqual(["Y is 2@100.00000024"]);
  });

  it("is a correction at the roundest price that explains the average", () => {
    // 4 at 100 and 3 at 100.97 make an average of 100.4157142857…
    expect(restated(TWO, "7", "100.415714285714")).toEqual(["Y is 3@100.97"]);
    expect(restated(TWO, "7", "100.4157")).toEqual(["Y is 3@100.97"]);
    expect(restated(["40@71.1 as X"], "40", "71.3755")).toEqual(["X is 40@71.3755"]);
  });

  it("is a correction of the newest fill that is large enough, where quantity is gone too", () => {
    expect(restated(TWO, "6", "100.25")).toEqual(["Y is 2@100.75"]);
  });

  it("is not guessed at where no price near the booked one would do", () => {
    expect(restated(TWO, "7", "10")).toEqual([]);
  });

  it("is not guessed at without an average, nor where no fill is large enough", () => {
    expect(restated(TWO, "6", null)).toEqual([]);
    expect(restated(["2@100", "2@100", "2@100", "2@100"], "1", "100")).toEqual([]);
  });
});
