// What a person has left to others stays theirs: through splits, through their own trades, and beside ours.
import { describe, expect, it } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import type { DomainEvent, EventOf } from "../../../src/domain/event.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerOrderId } from "../../../src/domain/ids.ts";
import { isQuiet, left, type Desk } from "./desk.ts";
import { AAPL, ACCOUNT_ID, d, replay } from "./scene.ts";

const accepted = (events: readonly DomainEvent[]) =>
  events.flatMap((event) => (event.type === "DifferenceAccepted" ? [event] : []));

const differences = (events: readonly DomainEvent[]): EventOf<"DifferenceFound">[] =>
  events.filter((event) => event.type === "DifferenceFound");

describe("a split beside what is left to others", () => {
  /** Ten of ours, five of others, and the broker makes two of each. */
  const split = (ours: readonly [string, string | null][], change: string, theirs: string) => {
    const desk = left("5");
    for (const [quantity, strategy] of ours) {
      desk.scene.bought(quantity, strategy === null ? {} : { strategy });
    }
    desk.theirs = theirs;
    const events = desk.look({ activities: [desk.entry({ quantity: d(change) })] });
    return { desk, events };
  };

  it("splits what is ours and what is theirs alike, and the next look finds nothing", () => {
    const { desk, events } = split(
      [
        ["6", "slow"],
        ["4", null],
      ],
      "15",
      "30",
    );
    expect(desk.both).toEqual(["20", "10"]);
    expect(desk.strategy("slow")).toBe("12");
    expect(accepted(events)).toMatchObject([{ kind: "position", subject: AAPL }]);
    expect(accepted(events)[0]?.reason).toContain("SPLIT");
    expect(isQuiet(desk.look())).toBe(true);
    expect(replay(desk.scene).accounts).toEqual(desk.scene.book.accounts);
  });

  it("is all theirs where nothing is ours, and counts once", () => {
    const desk = left("5");
    const activities = [desk.entry({ quantity: d("5"), at: desk.scene.now + 1 })];
    desk.theirs = "10";
    desk.look({ activities });
    expect(desk.both).toEqual(["0", "10"]);
    expect(isQuiet(desk.look({ activities }))).toBe(true);
  });

  it("leaves to others what rounding leaves of it", () => {
    const { desk, events } = split([["1", "slow"]], "1", "7");
    expect(desk.both).toEqual(["1.166666666", "5.833333334"]);
    expect(desk.strategy("slow")).toBe("1.166666666");
    expect(accepted(events)[0]?.reason).toContain("0.833333334 of 1 with what rounding leaves");
    expect(isQuiet(desk.look())).toBe(true);
  });

  it("of whole shares alone gives nobody a part of one", () => {
    const desk = left("5");
    desk.scene.bought("2", { strategy: "slow" });
    desk.scene.world.instrument(AAPL, { lot: Decimal.ONE, fractionable: false });
    desk.theirs = "10";
    desk.look({ activities: [desk.entry({ quantity: d("3") })] });
    expect(desk.both).toEqual(["2", "8"]);
    expect(desk.strategy("slow")).toBe("2");
  });

  it("that the broker takes back leaves everything as it was", () => {
    const { desk } = split([["10", "slow"]], "15", "30");
    desk.theirs = "15";
    const back = { quantity: d("15"), status: "cancelled", at: desk.scene.now } as const;
    desk.look({ activities: [desk.entry(back)] });
    expect([...desk.both, desk.strategy("slow")]).toEqual(["10", "5", "10"]);
    expect(isQuiet(desk.look())).toBe(true);
  });
});

describe("what the owner trades of it", () => {
  it.each([
    { had: "5", side: "sell", quantity: "3", others: "2", ours: "0" },
    { had: "5", side: "sell", quantity: "5", others: "none", ours: "0" },
    { had: "5", side: "buy", quantity: "4", others: "9", ours: "0" },
    { had: "-5", side: "buy", quantity: "3", others: "-2", ours: "0" },
    { had: "-5", side: "sell", quantity: "1", others: "-6", ours: "0" },
    { had: "5", side: "sell", quantity: "8", others: "none", ours: "-3" },
    { had: "-5", side: "buy", quantity: "7", others: "none", ours: "2" },
  ] as const)(
    "is theirs: of $had a $side of $quantity leaves $others, and $ours beyond it",
    ({ had, side, quantity, others, ours }) => {
      const desk = left(had);
      const fill = desk.foreign(side, quantity, { executedAt: desk.scene.now + 1 });
      const moved = side === "buy" ? d(quantity) : d(quantity).negated();
      desk.theirs = d(had).plus(moved).toString();
      desk.look({ executions: [fill] });
      expect(desk.both).toEqual([ours, others]);
      expect(isQuiet(desk.look({ executions: [fill] }))).toBe(true);
      expect(replay(desk.scene).accounts).toEqual(desk.scene.book.accounts);
    },
  );

  it("leaves ours alone, whatever they sell of theirs, and several of their fills add up", () => {
    const desk = left("5");
    desk.scene.bought("10");
    desk.theirs = "12";
    const executions = [desk.foreign("sell", "2"), desk.foreign("sell", "1")];
    desk.look({ executions });
    expect(desk.both).toEqual(["10", "2"]);
    expect(desk.scene.account.positions.net(AAPL)?.costBasis.toString()).toBe("1000");
    expect(desk.scene.account.positions.net(AAPL)?.realizedGross.toString()).toBe("0");
  });

  it("moves the cash that it moved, and no gain or loss of ours", () => {
    const desk = left("5");
    desk.settle();
    const before = desk.scene.account.cash.adjusted;
    const fill = desk.foreign("sell", "3", { fee: d("0.5"), executedAt: desk.scene.now + 1 });
    desk.theirs = "2";
    desk.look({ executions: [fill] });
    expect(desk.scene.account.cash.adjusted.minus(before).toString()).toBe("299.5");
    expect(desk.scene.account.positions.net(AAPL)?.fees.toString()).toBe("0");
  });

  it("lets go of what was parked of it", () => {
    const desk = left("5");
    const { symbol, side, ...execution } = desk.foreign("sell", "3");
    const brokerOrderId = asId<BrokerOrderId>("X");
    const snapshot = {
      ...desk.scene.snapshot(desk.scene.working({ quantity: "1" })),
      brokerOrderId,
    };
    const head = { accountId: ACCOUNT_ID, brokerOrderId, reference: null, at: desk.scene.now };
    desk.scene.when({ kind: "report", report: { kind: "executed", ...head, execution, snapshot } });
    expect(desk.scene.account.parked.size).toBe(1);
    desk.theirs = "2";
    desk.look({ executions: [{ ...execution, symbol, side }] });
    expect(desk.scene.account.parked.size).toBe(0);
  });
});

describe("a further change beside what is left to others", () => {
  const grown = (theirs: string): Desk => {
    const desk = left("5");
    desk.theirs = theirs;
    expect(differences(desk.look())).toMatchObject([{ ours: "5", theirs }]);
    return desk;
  };

  it("that adds to it shows only what was added, and stays for a person to judge", () => {
    const desk = grown("8");
    for (let look = 0; look < 5; look += 1) expect(isQuiet(desk.look())).toBe(true);
    expect(desk.both).toEqual(["0", "5"]);
    expect(desk.scene.account.suspected.get(AAPL)?.difference.toString()).toBe("3");
  });

  it("is told again as long as nobody judges it", () => {
    const desk = grown("8");
    desk.scene.world.now += 16 * 60_000;
    expect(differences(desk.look())).toMatchObject([{ ours: "5", theirs: "8" }]);
    expect(desk.both).toEqual(["0", "5"]);
  });

  it("is adopted or ignored by itself, one after the other", () => {
    const desk = grown("8");
    expect(desk.adopt(null, "3")).toMatchObject({ result: "done" });
    expect(desk.both).toEqual(["3", "5"]);
    expect(isQuiet(desk.look())).toBe(true);
    desk.theirs = "10";
    desk.look();
    expect(desk.ignore()).toMatchObject({ result: "done" });
    expect(desk.both).toEqual(["3", "7"]);
    desk.theirs = "11";
    desk.look();
    expect(desk.ignore("8")).toMatchObject({ result: "done" });
    expect(desk.both).toEqual(["3", "8"]);
    expect(isQuiet(desk.look())).toBe(true);
    expect(replay(desk.scene).accounts).toEqual(desk.scene.book.accounts);
  });

  it.each([
    { had: "5", theirs: "2", ignored: ["0", "2"], adopted: ["-3", "5"] },
    { had: "5", theirs: "0", ignored: ["0", "none"], adopted: ["-5", "5"] },
    { had: "-5", theirs: "-1", ignored: ["0", "-1"], adopted: ["4", "-5"] },
  ])("that takes from $had waits for a person as well", ({ had, theirs, ignored, adopted }) => {
    const shrunk = (): Desk => {
      const desk = left(had);
      desk.theirs = theirs;
      desk.settle();
      expect(desk.both).toEqual(["0", had]);
      return desk;
    };
    const ignoring = shrunk();
    expect(ignoring.ignore()).toMatchObject({ result: "done" });
    expect(ignoring.both).toEqual(ignored);
    expect(isQuiet(ignoring.look())).toBe(true);
    const adopting = shrunk();
    expect(adopting.adopt()).toMatchObject({ result: "done" });
    expect(adopting.both).toEqual(adopted);
    expect(isQuiet(adopting.look())).toBe(true);
  });
});
