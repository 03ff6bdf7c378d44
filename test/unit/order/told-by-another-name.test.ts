// Busts and corrections of a fill that was booked under another name than the broker now uses: from an
// activity, or from a stream that gives its fills no ids. What the order shows afterwards tells which.
import { describe, expect, it } from "vitest";
import type { BrokerReport } from "../../../src/domain/broker.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import { evolve } from "../../../src/domain/order/evolve.ts";
import { takenBackBy } from "../../../src/domain/order/increment.ts";
import { factsFromReport } from "../../../src/domain/order/report.ts";
import { agrees } from "../../../src/domain/order/restated.ts";
import type { OrderState } from "../../../src/domain/order/state.ts";
import { brokerId, executionId, executionOf, headOf, snapshotOf } from "../../support/orders.ts";
import { play } from "./script.ts";

const of = (text: string): Decimal => Decimal.of(text);
const NOW = 9_000;
const stateAfter = (steps: string): OrderState => play({ rule: "", steps, ends: "" }).stage.state;

interface Shown {
  readonly filled: string;
  readonly average: string | null;
}

function bust(state: OrderState, { filled, average }: Shown): BrokerReport {
  const snapshot = snapshotOf(state, {
    status: "partially_filled",
    filledQuantity: of(filled),
    averagePrice: average === null ? null : of(average),
  });
  return { ...headOf("B1"), kind: "busted", executionId: executionId("theirs"), snapshot };
}

function correction(state: OrderState, shown: Shown): BrokerReport {
  const by = executionOf({ id: "new", quantity: "4", price: "98", cumulative: null, at: 9 });
  return { ...bust(state, shown), kind: "corrected", executionId: executionId("theirs"), by };
}

function after(state: OrderState, ...reports: readonly BrokerReport[]): OrderState {
  let now = state;
  for (const report of reports) {
    for (const event of factsFromReport(now, report, NOW).events) now = evolve(now, event, NOW);
  }
  return now;
}
const sums = ({ filledQuantity, filledNotional }: OrderState) =>
  `${filledQuantity.toString()} for ${filledNotional.toString()}`;

const two = stateAfter("submit\nack\nfill 4@100 as X\nfill 4@101 as Y");

describe("a bust of an execution that is booked under another name", () => {
  it("takes back the one whose loss leaves what the order shows", () => {
    expect(sums(after(two, bust(two, { filled: "4", average: "101" })))).toBe("4 for 404");
    expect(sums(after(two, bust(two, { filled: "4", average: "100" })))).toBe("4 for 400");
  });

  it("takes back the only one, when nothing is left", () => {
    const one = stateAfter("submit\nack\nfill 4@100 as X");
    expect(sums(after(one, bust(one, { filled: "0", average: null })))).toBe("0 for 0");
  });

  it("counts once when it is told twice", () => {
    const told = bust(two, { filled: "4", average: "101" });
    expect(factsFromReport(after(two, told), told, NOW).events).toEqual([]);
  });

  it("is found by the quantity alone where the order shows no average", () => {
    const unequal = stateAfter("submit\nack\nfill 4@100 as X\nfill 3@101 as Y");
    expect(sums(after(unequal, bust(unequal, { filled: "4", average: null })))).toBe("4 for 400");
  });

  it("is found beside one that was taken back before", () => {
    const three = stateAfter(
      "submit\nack\nfill 4@100 as X\nfill 4@101 as Y\nfill 4@102 as Z\nbust X",
    );
    expect(sums(after(three, bust(three, { filled: "4", average: "102" })))).toBe("4 for 408");
  });

  it("takes nothing when what the order shows fits none: it may be one that is still to come", () => {
    const told = bust(two, { filled: "8", average: "100.5" });
    const answer = factsFromReport(two, told, NOW);
    expect(sums(after(two, told))).toBe("8 for 804");
    expect(answer.alarms).toMatchObject([{ code: "unknown_execution_busted" }]);
  });
});

describe("a bust of an execution that is known by its name", () => {
  it("is one event, and takes back no other", () => {
    const shown = bust(two, { filled: "4", average: "101" });
    const told = { ...shown, executionId: executionId("X") } as BrokerReport;
    expect(factsFromReport(two, told, NOW).events).toMatchObject([
      { type: "ExecutionBusted", executionId: "X" },
    ]);
  });
});

describe("sums of executions and what an order shows", () => {
  const fills = two.executions;
  const shows = (filled: string, average: string | null): boolean =>
    agrees(
      fills,
      snapshotOf(two, {
        filledQuantity: of(filled),
        averagePrice: average === null ? null : of(average),
      }),
    );
  const third = stateAfter("submit\nack\nfill 4@100 as X\nfill 3@101 as Y").executions;
  // 703 for 7 is 100.428571428571…
  const showsThird = (average: string): boolean =>
    agrees(third, snapshotOf(two, { filledQuantity: of("7"), averagePrice: of(average) }));

  it.each([
    ["8", "100.5", true],
    ["8", null, true],
    ["8", "100.51", false],
    ["7", "100.5", false],
  ])("%s at %s: %s", (filled, average, expected) => {
    expect(shows(filled, average)).toBe(expected);
  });

  it.each([
    ["100.4286", true],
    ["100.43", false],
    ["100.42857", true],
    ["100.42861", false],
    ["100.42857143", true],
    ["100.42857144", false],
    ["100.428571431111", true],
  ])("an average is compared to between four and eight places: %s, %s", (average, expected) => {
    expect(showsThird(average)).toBe(expected);
  });

  it("of nothing agree with nothing, whatever average is left over from before", () => {
    const nothing = { filledQuantity: Decimal.ZERO, averagePrice: of("100") };
    expect(agrees([], snapshotOf(two, nothing))).toBe(true);
  });
});

describe("a correction of an execution that is booked under another name", () => {
  it("takes the place of the one that leaves what the order shows", () => {
    const told = correction(two, { filled: "8", average: "99.5" });
    expect(sums(after(two, told))).toBe("8 for 796");
    expect(after(two, told).executions).toMatchObject([
      { id: "X", busted: true, correctedBy: "new" },
      { id: "Y", busted: false },
      { id: "new", busted: false },
    ]);
  });

  it("counts once when it is told twice", () => {
    const told = correction(two, { filled: "8", average: "99.5" });
    expect(factsFromReport(after(two, told), told, NOW).events).toEqual([]);
  });
});

describe("a restatement of a fill of an order that was replaced since", () => {
  const replacedTwice = stateAfter(
    "submit\nack\nfill 3@100 as X\nreplaced B2\nfill 3@100 as Y on B2\nreplaced B3",
  );
  const on = (id: string) => replacedTwice.executions.filter((each) => each.brokerOrderId === id);
  const shown = (filled: string, average: string) =>
    snapshotOf(replacedTwice, {
      brokerOrderId: brokerId("B2"),
      filledQuantity: of(filled),
      averagePrice: of(average),
    });
  const told = { ...headOf("B2"), executionId: executionId("theirs") };

  it.each([
    ["alone", "3", "101"],
    ["with what filled before it", "6", "100.5"],
  ])(
    "is found though nothing says whether the order counts its own %s",
    (_way, filled, average) => {
      const by = executionOf({ id: "new", quantity: "3", price: "101", cumulative: null, at: 9 });
      const snapshot = shown(filled, average);
      const corrected: BrokerReport = { ...told, kind: "corrected", snapshot, by };
      expect(on("B2")).toHaveLength(1);
      expect(sums(after(replacedTwice, corrected))).toBe("6 for 603");
    },
  );

  it("takes back one of that order, not an equal one before it", () => {
    const busted: BrokerReport = { ...told, kind: "busted", snapshot: shown("3", "100") };
    const left = after(replacedTwice, busted).executions.filter((each) => !each.busted);
    expect(left.map(({ brokerOrderId }) => brokerOrderId)).toEqual(["B1"]);
  });
});

describe("a correction that comes before its fill", () => {
  const start = stateAfter("submit\nack");
  /** As a list told it before the correction. */
  const listed = (id: string, what: string, { cumulative = "4", at = 8 } = {}): BrokerReport => {
    const [quantity = "", price = ""] = what.split("@");
    const fill = { id, quantity, price, cumulative, at, source: "activity" } as const;
    return { ...headOf("B1"), kind: "executed", execution: executionOf(fill) };
  };
  const told = correction(start, { filled: "4", average: "98" });

  it("has it: an older list that shows it as it was, or as it is, adds nothing", () => {
    const known = after(start, told);
    expect(sums(after(known, listed("A", "4@100")))).toBe("4 for 392");
    expect(sums(after(known, listed("A", "3@98", { cumulative: "3" })))).toBe("4 for 392");
    expect(sums(after(known, listed("A", "4@98", { at: 9 })))).toBe("4 for 392");
    expect(factsFromReport(known, listed("A", "4@100"), NOW).missingExecutions).toBe(false);
  });

  it("has it also where it bears the instant of its fill", () => {
    const by = executionOf({ id: "new", quantity: "4", price: "98", cumulative: null, at: 8 });
    const known = after(start, { ...told, by } as BrokerReport);
    expect(sums(after(known, listed("A", "4@100")))).toBe("4 for 392");
    expect(sums(after(known, listed("B", "3@97", { cumulative: "7" })))).toBe("7 for 683");
  });

  it("says nothing of two others of one instant", () => {
    const first = listed("A", "3@100", { cumulative: "3", at: 9 });
    const second = listed("B", "4@100", { cumulative: "7", at: 9 });
    const alone = { ...bust(start, { filled: "0", average: null }) };
    expect(sums(after(start, alone, first, second))).toBe("7 for 700");
    expect(sums(after(start, alone, second, first))).toBe("7 for 700");
  });

  it("leaves room for the others that the order shows", () => {
    const more = correction(start, { filled: "7", average: "98.9" });
    const missed = listed("A", "3@100.1", { cumulative: "3", at: 7 });
    const original = listed("B", "4@100", { cumulative: "7" });
    expect(sums(after(start, more, missed, original))).toBe("7 for 692.3");
  });

  it("says nothing of what was filled later", () => {
    const later = listed("A", "4@97", { cumulative: "8", at: 10 });
    expect(sums(after(start, told, later))).toBe("8 for 780");
    expect(sums(after(start, told, later, listed("B", "4@100")))).toBe("8 for 780");
  });
});

describe("a later fill of one source where another was booked before it", () => {
  const LATER = 60_000;
  const fill = (
    id: string,
    what: string,
    cumulative: string,
    more: { readonly at?: number; readonly source?: "activity" } = {},
  ): BrokerReport => {
    const [quantity = "", price = ""] = what.split("@");
    const execution = executionOf({ ...{ id, quantity, price, cumulative, at: LATER }, ...more });
    return { ...headOf("B1"), kind: "executed", execution };
  };
  const NEWER = { id: "new", price: "103", at: LATER };
  const one = stateAfter("submit\nack\nfill 4@48.89 as X");

  it("shows that this was taken back: the order cost what the broker says, to the last digit", () => {
    const told = fill("new", "7@48.87", "7");
    expect(sums(after(one, told))).toBe("7 for 342.09");
    expect(after(one, told).executions).toMatchObject([
      { id: "X", busted: true },
      { id: "new", busted: false, price: of("48.87") },
    ]);
  });

  it("shows it too when it is smaller, and the ones after it count whole", () => {
    const smaller = fill("new", "1@48.87", "1");
    expect(sums(after(one, smaller))).toBe("1 for 48.87");
    expect(sums(after(one, smaller, fill("rest", "6@48.80", "7")))).toBe("7 for 341.67");
  });

  const three = stateAfter("submit\nack\nfill 2@100 as X\nfill 5@101 as Y\nfill 4@102 as Z");
  const voided = ({ executions }: OrderState) =>
    executions.filter(({ busted }) => busted).map(({ id }) => id);

  it("takes back the one whose quantity is missing, not the one in whose place it stands", () => {
    // The sum fell from 11 to 9, to 6, to 7, to 4 and to 0 before it.
    for (const [sum, gone] of [
      ["9", ["X"]],
      ["6", ["Y"]],
      ["7", ["Z"]],
      ["4", ["X", "Y"]],
      ["0", ["X", "Y", "Z"]],
    ] as const) {
      const cumulative = of(sum).plus(of("3")).toString();
      const told = after(three, fill("new", "3@103", cumulative));
      expect(voided(told)).toEqual(gone);
      expect(told.filledQuantity.toString()).toBe(cumulative);
    }
  });

  it("takes nothing back where no fills make what is missing: one was corrected, or sums are late", () => {
    expect(voided(after(three, fill("new", "3@103", "13")))).toEqual([]);
    expect(voided(after(three, fill("new", "3@103", "11")))).toEqual([]);
  });

  it("counts once when it is told twice, and so does the bust when it comes after all", () => {
    const told = fill("new", "7@48.87", "7");
    const late: BrokerReport = {
      ...headOf("B1"),
      ...{ kind: "busted", executionId: executionId("X"), snapshot: null },
    };
    expect(factsFromReport(after(one, told), told, NOW).events).toEqual([]);
    expect(factsFromReport(after(one, told), late, NOW).events).toEqual([]);
  });

  it("is the same one, or a part or a sum of it, where another source tells it", () => {
    const activity = { source: "activity" } as const;
    for (const told of [
      fill("same", "4@48.89", "4", activity),
      fill("part", "3@48.89", "3", activity),
    ]) {
      expect(factsFromReport(one, told, NOW).events).toEqual([]);
    }
    expect(sums(after(one, fill("sum", "7@48.89", "7", activity)))).toBe("7 for 342.23");
  });

  it("shows it as well where activities alone tell the fills", () => {
    const activity = { source: "activity" } as const;
    const told = stateAfter("submit\nack\nfill 4@48.89 as X activity");
    expect(voided(after(told, fill("new", "7@48.87", "7", activity)))).toEqual(["X"]);
  });

  it("takes nothing back where two sources told the fills before it", () => {
    const mixed = stateAfter("submit\nack\nfill 2@100 as X activity\nfill 4@102 as Z");
    expect(takenBackBy(mixed, executionOf({ ...NEWER, quantity: "3", cumulative: "7" }))).toEqual(
      [],
    );
  });

  it("takes nothing back when it is of the same instant", () => {
    const same = executionOf({ ...NEWER, quantity: "7", cumulative: "7", at: 5_000 });
    expect(one.executions[0]?.executedAt).toBe(5_000);
    expect(takenBackBy(one, same)).toEqual([]);
    expect(takenBackBy(one, { ...same, executedAt: 5_001 })).toEqual(one.executions);
  });

  it("takes nothing back where none makes what is missing", () => {
    expect(takenBackBy(three, executionOf({ ...NEWER, quantity: "3", cumulative: "13" }))).toEqual(
      [],
    );
  });

  it("takes nothing back when it is told again with other figures", () => {
    const again = { ...NEWER, id: "Z", quantity: "3", cumulative: "10" };
    expect(takenBackBy(three, executionOf(again))).toEqual([]);
  });

  it("takes nothing back behind a bust that was told: sums and stretches part there", () => {
    const busted = stateAfter("submit\nack\nfill 4@100 as X\nfill 4@101 as Y\nbust X");
    const later = executionOf({ ...NEWER, quantity: "3", cumulative: "7" });
    expect(takenBackBy(busted, later)).toEqual([]);
  });

  it("takes nothing back when it is older: then it may be the one that was", () => {
    const older = after(one, fill("old", "7@48.89", "7", { at: 1 }));
    expect(older.executions.filter(({ busted }) => busted)).toEqual([]);
    expect(older.filledQuantity.toString()).toBe("7");
  });
});
