// A split divides what was there when it happened, whatever came between that and its entry.
import { describe, expect, it } from "vitest";
import { Desk, isQuiet, left } from "./desk.ts";
import { d, replay } from "./scene.ts";

const held = (desk: Desk) => [...desk.both, desk.strategy("slow"), desk.strategy("fast")];

/** Ten of a strategy, and five of others where they have some; both sides agree. */
function before(others: "5" | "0"): Desk {
  const desk = others === "5" ? left("5") : new Desk();
  desk.scene.bought("10", { strategy: "slow" });
  desk.theirs = others === "5" ? "15" : "10";
  expect(isQuiet(desk.look())).toBe(true);
  return desk;
}

/** The split happens, then something else, and then its entry is told. */
function splitBeside(desk: Desk, change: string, between: () => string) {
  const at = desk.scene.now + 1;
  desk.scene.world.now += 1_000;
  desk.theirs = between();
  const activities = [desk.entry({ quantity: d(change), at })];
  desk.look({ activities });
  expect(isQuiet(desk.look({ activities }))).toBe(true);
  expect(replay(desk.scene).accounts).toEqual(desk.scene.book.accounts);
  return activities;
}

describe("a split whose entry is told behind", () => {
  it("a fill of ours gives that no part, and others theirs", () => {
    const desk = before("5");
    splitBeside(desk, "15", () => {
      desk.scene.bought("15", { strategy: "slow" });
      return "45";
    });
    expect(held(desk)).toEqual(["35", "10", "35", "none"]);
  });

  it("a fill of another strategy gives that none", () => {
    const desk = before("0");
    splitBeside(desk, "10", () => {
      desk.scene.bought("10", { strategy: "fast" });
      return "30";
    });
    expect(held(desk)).toEqual(["30", "none", "20", "10"]);
  });

  it("a sale of ours splits what was sold as well", () => {
    const desk = before("5");
    splitBeside(desk, "15", () => {
      desk.scene.filled(desk.scene.working({ side: "sell", quantity: "8", strategy: "slow" }), "8");
      return "22";
    });
    expect(held(desk)).toEqual(["12", "10", "12", "none"]);
  });

  it.each([
    { what: "a fill of theirs", type: null },
    { what: "a transfer of theirs", type: "JNLS" },
  ])("$what splits what they had before it", ({ type }) => {
    const desk = before("5");
    splitBeside(desk, "15", () => {
      desk.theirs = "26";
      const at = desk.scene.now;
      const executions = [desk.foreign("sell", "4", { executedAt: at })];
      const activities = [desk.entry({ id: "T-1", type: type ?? "", quantity: d("-4"), at })];
      desk.look(type === null ? { executions } : { activities });
      return "26";
    });
    expect(held(desk)).toEqual(["20", "6", "20", "none"]);
  });

  it("a person's word that some of ours are another's splits ours as they were", () => {
    const desk = before("0");
    splitBeside(desk, "10", () => {
      desk.ignore("4");
      return "20";
    });
    expect(held(desk)).toEqual(["16", "4", "16", "none"]);
  });

  it("and that the broker takes back leaves everything as it was", () => {
    const desk = before("5");
    const [entry] = splitBeside(desk, "15", () => {
      desk.scene.bought("15", { strategy: "slow" });
      return "45";
    });
    if (entry === undefined) throw new Error("it was told");
    desk.theirs = "30";
    desk.look({ activities: [{ ...entry, status: "cancelled" }] });
    expect(held(desk)).toEqual(["25", "5", "25", "none"]);
  });

  it("with a fill of the same look gives that its part where it came before", () => {
    const desk = new Desk();
    const order = desk.scene.working({ side: "buy", quantity: "10", strategy: "slow" });
    const { brokerOrderId } = desk.scene.order(order);
    const executions = [{ ...desk.foreign("buy", "10"), brokerOrderId }];
    desk.theirs = "20";
    const activities = [desk.entry({ quantity: d("10"), at: desk.scene.now + 1 })];
    desk.look({ executions, activities });
    expect(held(desk)).toEqual(["20", "none", "20", "none"]);
  });
});

describe("what was there when a split happened is not known", () => {
  it("behind more facts than are at hand: then what is there now is divided", () => {
    const desk = before("0");
    splitBeside(desk, "10", () => {
      for (let fill = 0; fill < 20; fill += 1) {
        desk.scene.world.now += 1;
        desk.scene.bought("1", { strategy: "fast" });
      }
      return "40";
    });
    expect(held(desk)).toEqual(["40", "none", "13.333333333", "26.666666666"]);
  });

  it("behind a correction: what it found may have been there before", () => {
    const desk = new Desk();
    desk.scene.bought("10", { strategy: "slow" });
    desk.theirs = "15";
    desk.look();
    splitBeside(desk, "15", () => {
      desk.adopt("90");
      return "30";
    });
    expect(held(desk)).toEqual(["30", "none", "20", "none"]);
  });

  it("where nothing was there then, or less than the split takes", () => {
    const desk = new Desk();
    splitBeside(desk, "-5", () => {
      desk.scene.bought("10", { strategy: "slow" });
      return "5";
    });
    expect(held(desk)).toEqual(["5", "none", "5", "none"]);
  });
});
