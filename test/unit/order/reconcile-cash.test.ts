// The broker's cash beside what the record explains: only what stays the same over a while is believed.
import { describe, expect, it } from "vitest";
import type { CashBook, Logged } from "../../../src/domain/book.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import type { InstrumentId } from "../../../src/domain/ids.ts";
import {
  isAlike,
  judgeCash,
  lookedAgain,
  saysSomethingAboutCash,
} from "../../../src/domain/order/reconcile-cash.ts";
import { INSTRUMENT } from "../../support/orders.ts";

const of = (text: string): Decimal => Decimal.of(text);
const SINCE = 1_000_000;
const MINUTES = 60_000;

const cash = (change: Partial<CashBook> = {}, fillsSinceCash = 0) => ({
  cash: {
    adjusted: Decimal.ZERO,
    isOpen: true,
    told: Decimal.ZERO,
    accepted: Decimal.ZERO,
    look: { unexplained: of("25"), since: SINCE },
    ...change,
  },
  fillsSinceCash,
});

describe("sums of money are alike", () => {
  it.each([
    ["100", "100", true],
    ["100", "100.01", true],
    ["100.01", "100", true],
    ["100", "100.0101", false],
    ["100.0101", "100", false],
    ["-0.005", "0.005", true],
    ["-25", "25", false],
  ])("%s and %s, to the cent that brokers round to: %s", (left, right, expected) => {
    expect(isAlike(of(left), of(right))).toBe(expected);
  });
});

describe("the cash of the beginning", () => {
  const judged = (heldMs: number, unexplained = "25") =>
    judgeCash(cash({ isOpen: false }), of(unexplained), SINCE + heldMs);

  it("is what the record does not explain, once it was seen unchanged for half a minute", () => {
    expect(judged(29_999)).toEqual({ kind: "nothing" });
    expect(judged(30_000)).toEqual({ kind: "opening", amount: of("25") });
  });

  it("may be nothing, which is known then, too", () => {
    const empty = cash({ isOpen: false, look: { unexplained: Decimal.ZERO, since: SINCE } });
    const found = judgeCash(empty, Decimal.ZERO, SINCE + 30_000);
    expect(found).toEqual({ kind: "opening", amount: Decimal.ZERO });
  });

  it("is not known by a first look, nor by one that finds another sum", () => {
    expect(judgeCash(cash({ isOpen: false, look: null }), of("25"), SINCE + MINUTES)).toEqual({
      kind: "nothing",
    });
    expect(judged(MINUTES, "25.02")).toEqual({ kind: "nothing" });
  });
});

describe("what the record does not explain later", () => {
  const judged = (heldMs: number, unexplained: string, told = "0") => {
    const look = { unexplained: of(unexplained), since: SINCE };
    return judgeCash(cash({ look, told: of(told) }), of(unexplained), SINCE + heldMs).kind;
  };

  it("is told when it stays for ten minutes, once", () => {
    expect(judged(10 * MINUTES - 1, "25")).toBe("nothing");
    expect(judged(10 * MINUTES, "25")).toBe("difference");
    expect(judged(10 * MINUTES, "25", "25")).toBe("nothing");
    expect(judged(10 * MINUTES, "25", "30")).toBe("difference");
  });

  it("is told with money too little as with money too much", () => {
    expect(judged(10 * MINUTES, "-25")).toBe("difference");
    expect(judged(10 * MINUTES, "-25", "25")).toBe("difference");
  });

  it("is less than rounding makes of as many fills, or it is something", () => {
    const judgedAfter = (fills: number, unexplained: string) => {
      const look = { unexplained: of(unexplained), since: SINCE };
      return judgeCash(cash({ look }, fills), of(unexplained), SINCE + 10 * MINUTES).kind;
    };
    // Half a cent apiece beside the cent of the sum.
    expect(judgedAfter(0, "0.06")).toBe("difference");
    expect(judgedAfter(9, "0.06")).toBe("difference");
    expect(judgedAfter(10, "0.06")).toBe("nothing");
    expect(judgedAfter(10, "-0.06")).toBe("nothing");
    // However many there were: what is missing by more than one unit of money is told.
    expect(judgedAfter(198, "1")).toBe("nothing");
    expect(judgedAfter(1_000_000, "1")).toBe("nothing");
    expect(judgedAfter(1_000_000, "1.001")).toBe("difference");
    expect(judgedAfter(1_000_000, "-1.001")).toBe("difference");
  });

  it("is no difference where a person has accepted it, and what is beside it is one", () => {
    const accepting = (unexplained: string, told: string) => {
      const look = { unexplained: of(unexplained), since: SINCE };
      const book = cash({ look, told: of(told), accepted: of("25") });
      return judgeCash(book, of(unexplained), SINCE + 10 * MINUTES).kind;
    };
    expect(accepting("25", "25")).toBe("nothing");
    expect(accepting("25", "30")).toBe("explained");
    expect(accepting("30", "25")).toBe("difference");
    expect(accepting("0", "25")).toBe("difference");
  });

  it("is explained when it is gone, at once, and only when it was told", () => {
    expect(judged(0, "0", "25")).toBe("explained");
    expect(judged(0, "0.01", "25")).toBe("explained");
    expect(judged(MINUTES, "0", "0")).toBe("nothing");
  });
});

describe("how long it has been so", () => {
  const before = { unexplained: of("25"), since: SINCE };
  const after = (at: number, unexplained: string, look: CashBook["look"] = before) =>
    lookedAgain(look, of(unexplained), at);

  it("counts from the first look that found it, and stays with its figure", () => {
    expect(after(SINCE + 5, "25", null)).toEqual({ unexplained: of("25"), since: SINCE + 5 });
    expect(after(SINCE + 5, "25.01")).toBe(before);
    expect(after(SINCE, "25")).toBe(before);
  });

  it("starts again with another figure", () => {
    expect(after(SINCE + 5, "25.02")).toEqual({ unexplained: of("25.02"), since: SINCE + 5 });
  });

  it("starts again when our clock was set back", () => {
    expect(after(SINCE - 1, "25.01")).toEqual({ unexplained: of("25"), since: SINCE - 1 });
  });
});

describe("whether a look says something about cash", () => {
  const lastFill = new Map<InstrumentId, Logged>();
  const says = (logSeq: number): boolean => saysSomethingAboutCash({ lastFill }, { logSeq });

  it("as long as no fill was booked behind the place where it began", () => {
    expect(says(0)).toBe(true);
    lastFill.set(INSTRUMENT, { at: 1, seq: 40 });
    expect([39, 40, 41].map(says)).toEqual([false, true, true]);
  });
});
