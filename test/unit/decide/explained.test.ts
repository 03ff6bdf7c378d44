// What was taken as the broker shows it, corrected or left to others, and what explains it later: each fact
// uses up as much of it as it is, once, and what is not in it counts.
import { describe, expect, it } from "vitest";
import type { BrokerActivity } from "../../../src/domain/broker.ts";
import { Desk, explained, found, isQuiet } from "./desk.ts";
import { AAPL, d, replay } from "./scene.ts";

const cost = (desk: Desk) => desk.scene.account.positions.net(AAPL)?.costBasis.toString() ?? "0";
const gained = (desk: Desk) =>
  desk.scene.account.positions.net(AAPL)?.realizedGross.toString() ?? "0";
const unexplained = (desk: Desk) =>
  desk.scene.account.corrected.get(AAPL)?.map(({ left }) => left?.toString());

/** Ten of a strategy that cost 100 each. */
function ten(): Desk {
  const desk = new Desk();
  desk.scene.bought("10", { strategy: "slow" });
  Object.assign(desk, { theirs: "10", average: "100" });
  expect(isQuiet(desk.look())).toBe(true);
  return desk;
}

/** Two looks find it, and it is corrected. The instant from before it. */
function corrected(desk: Desk, theirs: string, average: string): number {
  const at = desk.scene.now + 1;
  Object.assign(desk, { theirs, average });
  desk.settle();
  expect(desk.scene.position()).toBe(theirs);
  return at;
}

const held = (desk: Desk) => [...desk.both, desk.strategy("slow")];
const split = (desk: Desk, more: Partial<BrokerActivity>) =>
  desk.look({ activities: [desk.entry(more)] });

describe("what was left to others, and is told later", () => {
  it.each([
    { what: "a transfer", type: "JNLS" },
    { what: "a dividend in shares", type: "SPLIT" },
  ])("as $what is theirs already", ({ type }) => {
    const desk = found("8");
    const at = desk.scene.now - 5_000;
    desk.ignore();
    const activities = [desk.entry({ type, quantity: d("8"), price: d("90"), at })];
    const before = explained(desk);
    desk.look({ activities });
    expect(desk.both).toEqual(["0", "8"]);
    expect([unexplained(desk), explained(desk).eq(before)]).toEqual([["0"], true]);
    expect(isQuiet(desk.look({ activities }))).toBe(true);
    expect(replay(desk.scene).accounts).toEqual(desk.scene.book.accounts);
  });

  it("as a fill of theirs is theirs already, with what was paid for it", () => {
    const desk = found("8");
    const fill = desk.foreign("buy", "8", { executedAt: desk.scene.now - 5_000, fee: d("0.5") });
    desk.ignore();
    const before = explained(desk);
    desk.look({ executions: [fill] });
    expect(desk.both).toEqual(["0", "8"]);
    expect(explained(desk).minus(before).toString()).toBe("-800.5");
    expect([gained(desk), cost(desk)]).toEqual(["0", "0"]);
    expect(isQuiet(desk.look({ executions: [fill] }))).toBe(true);
  });

  it("moves the cash that it says beside our positions, and leaves them when it is taken back", () => {
    const desk = found("8");
    const at = desk.scene.now - 5_000;
    desk.ignore();
    const before = explained(desk);
    const entry = desk.entry({ type: "MA", quantity: d("8"), netAmount: d("-700"), at });
    desk.look({ activities: [entry] });
    expect([explained(desk).minus(before).toString(), gained(desk)]).toEqual(["-700", "0"]);
    desk.theirs = "0";
    desk.look({ activities: [{ ...entry, status: "cancelled" }] });
    expect(desk.both).toEqual(["0", "none"]);
    expect(explained(desk).eq(before)).toBe(true);
  });

  it("as a split of ours gives us what is ours of it", () => {
    const desk = ten();
    const at = desk.scene.now + 1;
    Object.assign(desk, { theirs: "20", average: "77" });
    desk.look();
    desk.ignore();
    expect(held(desk)).toEqual(["10", "10", "10"]);
    split(desk, { quantity: d("10"), at });
    expect(held(desk)).toEqual(["20", "none", "20"]);
    expect([cost(desk), gained(desk)]).toEqual(["1000", "0"]);
    expect(isQuiet(desk.look())).toBe(true);
  });

  it("and is more than that counts", () => {
    const desk = found("8");
    const at = desk.scene.now - 5_000;
    desk.ignore();
    desk.theirs = "20";
    desk.look({ activities: [desk.entry({ type: "JNLS", quantity: d("12"), at })] });
    expect(desk.both).toEqual(["0", "20"]);
    expect(unexplained(desk)).toEqual(["8"]);
  });
});

describe("of several corrections", () => {
  it("the one is meant that is as large as what is told", () => {
    const desk = ten();
    const at = corrected(desk, "20", "50");
    corrected(desk, "23", "55");
    split(desk, { quantity: d("10"), at });
    expect(held(desk)).toEqual(["23", "none", "20"]);
    expect(unexplained(desk)).toEqual(["0", "3"]);
    expect(isQuiet(desk.look())).toBe(true);
    expect(replay(desk.scene).accounts).toEqual(desk.scene.book.accounts);
  });

  it("each is used up once: what comes beyond it counts", () => {
    const desk = new Desk();
    const [first, second] = [desk.foreign("buy", "6"), desk.foreign("buy", "5")];
    const executions = [
      { ...first, executedAt: corrected(desk, "6", "100") },
      { ...second, executedAt: desk.scene.now + 1_000 },
    ];
    desk.theirs = "11";
    // The second one is not listed yet.
    desk.look({ executions: executions.slice(0, 1) });
    expect(desk.scene.position()).toBe("6");
    desk.look({ executions });
    expect([desk.scene.position(), unexplained(desk)]).toEqual(["11", ["0"]]);
    expect(isQuiet(desk.look({ executions }))).toBe(true);
  });

  it("one may have two causes, told in the same look", () => {
    const desk = ten();
    const at = corrected(desk, "23", "56");
    const executions = [desk.foreign("buy", "3", { executedAt: at + 5 })];
    desk.look({ activities: [desk.entry({ quantity: d("10"), at })], executions });
    expect(held(desk)).toEqual(["23", "none", "20"]);
    expect(unexplained(desk)).toEqual(["0"]);
    expect(isQuiet(desk.look({ executions }))).toBe(true);
  });

  it("so many are kept, the newest", () => {
    const desk = new Desk();
    for (let size = 1; size <= 20; size += 1) corrected(desk, String(size), "100");
    expect(unexplained(desk)).toHaveLength(16);
  });
});

describe("an entry that is stamped after the correction, since it was posted late", () => {
  it("is in it where it says what the correction was", () => {
    const desk = ten();
    corrected(desk, "20", "50");
    split(desk, { quantity: d("10"), at: desk.scene.now + 5_000 });
    expect(held(desk)).toEqual(["20", "none", "20"]);
    expect(isQuiet(desk.look())).toBe(true);
  });

  it("counts where this very look shows it, however large a correction was", () => {
    const desk = ten();
    corrected(desk, "20", "50");
    desk.theirs = "30";
    split(desk, { quantity: d("10"), at: desk.scene.now + 5_000 });
    expect(desk.scene.position()).toBe("30");
    expect(unexplained(desk)).toEqual(["10"]);
  });

  it("counts where the correction is used up", () => {
    const desk = ten();
    const at = corrected(desk, "20", "50");
    split(desk, { quantity: d("10"), at });
    const later = { id: "A-2", quantity: d("10"), at: desk.scene.now + 5_000 };
    split(desk, later);
    expect(desk.scene.position()).toBe("30");
  });
});

it("an entry that a correction had and that is taken back leaves at what it had cost", () => {
  const desk = ten();
  const at = corrected(desk, "14", "95");
  const entry = desk.entry({ type: "ACATS", quantity: d("4"), at });
  desk.look({ activities: [entry] });
  desk.theirs = "10";
  desk.look({ activities: [{ ...entry, status: "cancelled" }] });
  expect(held(desk)).toEqual(["10", "none", "10"]);
  expect(gained(desk)).toBe("0");
});
