// A difference that is gone: told once, out of the inbox, and nothing that a person could still take over.
import { describe, expect, it } from "vitest";
import type { BrokerView } from "../../../src/domain/broker.ts";
import type { DomainEvent, EventOf } from "../../../src/domain/event.ts";
import { Desk, found, held, isQuiet, left } from "./desk.ts";
import { d, replay, types } from "./scene.ts";

const differences = (events: readonly DomainEvent[]): EventOf<"DifferenceFound">[] =>
  events.filter((event) => event.type === "DifferenceFound");

describe("a difference that is gone", () => {
  it.each([
    { what: "of a position that is ours", desk: () => found("100"), theirs: "0", agreed: "0" },
    {
      what: "beside what is left to others",
      desk: () => more("105"),
      theirs: "100",
      agreed: "100",
    },
  ])("$what is told once, with the same on both sides", ({ desk: open, theirs, agreed }) => {
    const desk = open();
    desk.theirs = theirs;
    const events = desk.look();
    expect(differences(events)).toMatchObject([
      { kind: "position", ours: agreed, theirs: agreed, action: expect.stringContaining("gone") },
    ]);
    expect(isQuiet(desk.look())).toBe(true);
    expect(replay(desk.scene).accounts).toEqual(desk.scene.book.accounts);
  });

  it("is adopted by nobody any more, and ignored by nobody", () => {
    const desk = found("100");
    desk.theirs = "0";
    desk.look();
    expect(desk.adopt()).toMatchObject({ result: "refused", code: "nothing_to_do" });
    expect(desk.ignore()).toMatchObject({ result: "refused", code: "nothing_to_do" });
    expect(desk.both).toEqual(["0", "none"]);
  });

  it("by a fill that came late is out of the inbox with it, and no look says more", () => {
    const desk = new Desk();
    const order = desk.scene.working({ side: "buy", quantity: "4" });
    desk.theirs = "4";
    expect(differences(desk.look())).toHaveLength(1);
    desk.scene.world.now += 1;
    desk.scene.filled(order, "4");
    expect(desk.scene.account.suspected.size).toBe(0);
    expect(isQuiet(desk.look())).toBe(true);
  });

  it("by a fill whose instant is earlier, since the clock was set back, is told by a look", () => {
    const desk = new Desk();
    const order = desk.scene.working({ side: "buy", quantity: "4" });
    desk.theirs = "4";
    desk.look();
    desk.scene.world.now -= 1_000;
    desk.scene.filled(order, "4");
    desk.scene.world.now += 20_000;
    expect(differences(desk.look())).toMatchObject([{ ours: "4", theirs: "4" }]);
  });

  it("by a fill of this very look is told by that alone, and a second run right after says nothing", () => {
    const desk = new Desk();
    const order = desk.scene.working({ side: "buy", quantity: "2" });
    desk.theirs = "2";
    desk.look();
    const { brokerOrderId } = desk.scene.order(order);
    const executions = [{ ...desk.foreign("buy", "2"), brokerOrderId }];
    const found = differences(desk.look({ executions }));
    expect(found.filter(({ kind }) => kind === "position")).toEqual([]);
    desk.scene.world.now -= 10_000;
    expect(isQuiet(desk.look({ executions }))).toBe(true);
  });

  it("by a bust that this very look shows is told by it, and a second run says nothing", () => {
    const desk = new Desk();
    desk.scene.traits = { showsWhatCounts: true };
    const order = desk.scene.working({ side: "buy", quantity: "5" });
    desk.scene.filled(order, "5");
    expect(differences(desk.look())).toMatchObject([{ ours: "5", theirs: "0" }]);
    const shown = { status: "filled", filledQuantity: d("0"), averagePrice: null } as const;
    const look = () => {
      desk.scene.world.now += 10_000;
      return desk.scene.view({ askedOrders: [desk.scene.snapshot(order, shown)] });
    };
    const told = differences(look()).filter(({ kind }) => kind === "position");
    expect(told).toMatchObject([{ ours: "0", theirs: "0" }]);
    expect(desk.scene.position()).toBe("0");
    expect(isQuiet(look())).toBe(true);
  });

  it("by what this very look tells is told by that alone", () => {
    const desk = found("4");
    const fill = desk.foreign("buy", "4", { executedAt: desk.scene.now });
    expect(differences(desk.look({ executions: [fill] }))).toEqual([]);
    expect(desk.both).toEqual(["4", "none"]);
    expect(isQuiet(desk.look({ executions: [fill] }))).toBe(true);
  });

  it("by a fill that an order shows and no list tells yet is noted, and never corrected", () => {
    const desk = new Desk();
    const order = desk.scene.working({ side: "buy", quantity: "2" });
    const shown = { status: "filled", filledQuantity: d("2"), averagePrice: d("100") } as const;
    const look = (executions: BrokerView["executions"] = []) => {
      desk.scene.world.now += 10_000;
      const askedOrders = [desk.scene.snapshot(order, shown)];
      return desk.scene.view({ positions: [held("2", "100")], askedOrders, executions });
    };
    const { brokerOrderId } = desk.scene.order(order);
    const fill = { ...desk.foreign("buy", "2"), brokerOrderId };
    expect(differences(look())).toMatchObject([{ ours: "0", theirs: "2" }]);
    for (let again = 0; again < 3; again += 1) expect(isQuiet(look())).toBe(true);
    look([fill]);
    expect(desk.scene.position()).toBe("2");
    expect(isQuiet(look([fill]))).toBe(true);
  });

  it("in a look that says nothing is not gone yet", () => {
    const desk = found("100");
    desk.theirs = "0";
    desk.scene.signal({ side: "buy", quantity: "5" });
    expect(differences(desk.look())).toEqual([]);
  });
});

function more(theirs: string): Desk {
  const desk = left("100");
  desk.theirs = theirs;
  desk.look();
  return desk;
}

describe("a fill that is taken back or corrected", () => {
  it.each([
    { what: "taken back", quantity: null },
    { what: "corrected", quantity: "3" },
  ])("and is $what makes a look that was begun before it say nothing", ({ quantity }) => {
    const desk = new Desk();
    const order = desk.scene.bought("5");
    desk.theirs = "5";
    desk.look();
    const begun = { at: desk.scene.now, logSeq: desk.scene.book.seq };
    const [execution] = desk.scene.order(order).executions;
    const executionId = execution?.id;
    const by = desk.scene.execution(quantity ?? "0", "100");
    const kind = quantity === null ? "busted" : "corrected";
    desk.scene.report(order, { kind, executionId, ...(quantity !== null && { by }) });
    const after = quantity ?? "0";
    expect(desk.scene.position()).toBe(after);
    const shadow = desk.scene.view({ ...begun, positions: [held("5")] });
    expect(types(shadow)).not.toContain("DifferenceFound");
    desk.theirs = after;
    expect(isQuiet(desk.look())).toBe(true);
    expect(replay(desk.scene).accounts).toEqual(desk.scene.book.accounts);
  });
});

describe("an adoption that says how much it saw", () => {
  it("is done when that is what differs", () => {
    const desk = found("100");
    expect(desk.adopt(null, "100")).toMatchObject({ result: "done", code: "adopted" });
    expect(desk.both).toEqual(["100", "none"]);
  });

  it("is refused with both figures when another one differs by now", () => {
    const desk = found("100");
    desk.theirs = "60";
    desk.look();
    const outcome = desk.adopt(null, "100");
    expect(outcome).toMatchObject({ result: "refused", code: "difference_changed" });
    expect(outcome.message).toMatch(/100.*60|60.*100/);
    expect(desk.both).toEqual(["0", "none"]);
    expect(desk.adopt(null, "60")).toMatchObject({ result: "done" });
  });

  it("of what is left to others is refused when that is another amount by now", () => {
    const desk = left("100");
    expect(desk.adopt(null, "90")).toMatchObject({ code: "difference_changed" });
    expect(desk.adopt(null, "100")).toMatchObject({ result: "done" });
    expect(desk.both).toEqual(["100", "none"]);
  });
});
