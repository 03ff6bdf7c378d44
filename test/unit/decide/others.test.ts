// What a person has left to others stays theirs: through splits, through their own trades, and beside ours.
import { describe, expect, it } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import type { DomainEvent } from "../../../src/domain/event.ts";
import { isQuiet, left } from "./desk.ts";
import { AAPL, d, replay } from "./scene.ts";

const accepted = (events: readonly DomainEvent[]) =>
  events.flatMap((event) => (event.type === "DifferenceAccepted" ? [event] : []));

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
