// What a change that no fill explains enters the cost at, or leaves it at: whether a person or a second look
// books it.
import { describe, expect, it } from "vitest";
import { averageCost } from "../../../src/domain/position/fold.ts";
import { Desk, explained, isQuiet } from "./desk.ts";
import { AAPL, d } from "./scene.ts";

/** Ten of ours that cost 100 each. */
function ten(): Desk {
  const desk = new Desk();
  desk.scene.bought("10", { strategy: "slow" });
  Object.assign(desk, { theirs: "10", average: "100" });
  desk.look();
  return desk;
}

const net = (desk: Desk) => desk.scene.account.positions.net(AAPL);
const gained = (desk: Desk) => net(desk)?.realizedGross.toString();
function average(desk: Desk): string | undefined {
  const position = net(desk);
  return position === undefined
    ? undefined
    : averageCost(position)?.round(8, "half_even").toString();
}

const WAYS: readonly (readonly [string, (desk: Desk) => void])[] = [
  ["adopted by a person", (desk) => void [desk.look(), desk.adopt()]],
  ["corrected by a second look", (desk) => desk.settle()],
];

describe.each(WAYS)("what is %s", (_way, book) => {
  it.each([
    { theirs: "15", price: "120", cost: "1800" },
    { theirs: "40", price: "50", cost: "2000" },
    { theirs: "13", price: "77.7777", cost: "1011.1101" },
  ])("to $theirs at $price has the broker's average afterwards", ({ theirs, price, cost }) => {
    const desk = ten();
    Object.assign(desk, { theirs, average: price });
    book(desk);
    expect([desk.scene.position(), average(desk)]).toEqual([theirs, price]);
    expect(net(desk)?.costBasis.round(6, "half_even").toString()).toBe(cost);
    expect(gained(desk)).toBe("0");
    expect(isQuiet(desk.look())).toBe(true);
  });

  it("and would have cost less than nothing enters at the broker's average", () => {
    const desk = ten();
    Object.assign(desk, { theirs: "12", average: "40" });
    book(desk);
    expect(net(desk)?.costBasis.toString()).toBe("1080");
  });

  it("at the cost that was there is a split, and the strategies have their shares", () => {
    const desk = ten();
    Object.assign(desk, { theirs: "20", average: "50" });
    book(desk);
    expect([desk.scene.position(), desk.strategy("slow")]).toEqual(["20", "20"]);
    expect([net(desk)?.costBasis.toString(), gained(desk)]).toEqual(["1000", "0"]);
  });

  it.each(["4", "0"])(
    "down to %s leaves at its own cost, and nothing is gained or lost",
    (theirs) => {
      const desk = ten();
      Object.assign(desk, { theirs, average: "90" });
      book(desk);
      expect([desk.scene.position(), gained(desk)]).toEqual([theirs, "0"]);
      expect(net(desk)?.costBasis.toString()).toBe(d(theirs).times(d("100")).toString());
    },
  );

  it("short grows by the broker's average too", () => {
    const desk = new Desk();
    desk.scene.world.hold(AAPL, "-10", "100");
    Object.assign(desk, { theirs: "-15", average: "120" });
    book(desk);
    expect([desk.scene.position(), average(desk), gained(desk)]).toEqual(["-15", "120", "0"]);
  });

  it("from long to short is sold and sold short at the broker's average", () => {
    const desk = ten();
    Object.assign(desk, { theirs: "-5", average: "110" });
    book(desk);
    expect([desk.scene.position(), average(desk), gained(desk)]).toEqual(["-5", "110", "100"]);
  });
});

it("a price that a person names counts, whatever the broker says", () => {
  const desk = ten();
  Object.assign(desk, { theirs: "15", average: "120" });
  desk.look();
  desk.adopt("75");
  expect(net(desk)?.costBasis.toString()).toBe("1375");
});

describe("what a person hands over, from us to others or back, while both sides agree", () => {
  it("moves no cash at the broker, and none is missed here", () => {
    const desk = ten();
    const before = explained(desk);
    expect(desk.ignore("4")).toMatchObject({ result: "done" });
    expect([...desk.both, net(desk)?.costBasis.toString(), gained(desk)]).toEqual([
      "6",
      "4",
      "600",
      "0",
    ]);
    expect(explained(desk).eq(before)).toBe(true);
    expect(desk.adopt("75")).toMatchObject({ result: "done" });
    expect([...desk.both, net(desk)?.costBasis.toString(), gained(desk)]).toEqual([
      "10",
      "none",
      "900",
      "0",
    ]);
    expect(explained(desk).eq(before)).toBe(true);
    expect(isQuiet(desk.look())).toBe(true);
  });

  it("explains nothing that is told later: that counts", () => {
    const desk = ten();
    const at = desk.scene.now + 1;
    desk.look();
    desk.ignore("4");
    desk.theirs = "6";
    const entry = desk.entry({ type: "JNLS", quantity: d("-4"), at });
    desk.look({ activities: [entry] });
    expect(desk.both).toEqual(["6", "none"]);
    expect(desk.scene.account.corrected.size).toBe(0);
  });
});
