// The inbox of positions: what differs is adopted or left to others, and what is another's is no difference.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparePositions } from "../../../src/domain/order/reconcile.ts";
import { Desk, found, held } from "./desk.ts";
import { AAPL, d, replay, Scene, types } from "./scene.ts";

describe("a position that differs", () => {
  it("is adopted at once, at what the broker says was paid, with who said so", () => {
    const desk = found();
    expect(desk.adopt()).toMatchObject({ result: "done", code: "adopted" });
    expect(desk.scene.position()).toBe("100");
    const { costBasis } = desk.scene.account.positions.net(AAPL) ?? {};
    expect(costBasis?.toString()).toBe("9000");
    const adjusted = desk.scene.log.findLast(({ event }) => event.type === "PositionAdjusted");
    expect(adjusted).toMatchObject({ actor: "person" });
    expect(adjusted?.event).toMatchObject({ adjustment: { source: "person: ours" } });
    expect(types(desk.look())).not.toContain("DifferenceFound");
  });

  it("is adopted at the price that a person names", () => {
    const desk = found();
    desk.adopt("75");
    expect(desk.scene.account.positions.net(AAPL)?.costBasis.toString()).toBe("7500");
  });

  it("that is left to others is told no more and never corrected", () => {
    const desk = found();
    expect(desk.ignore()).toMatchObject({ result: "done", code: "ignored" });
    for (let look = 0; look < 5; look += 1) {
      expect(types(desk.look())).not.toContain("DifferenceFound");
    }
    expect([desk.scene.position(), desk.others]).toEqual(["0", "100"]);
    expect(replay(desk.scene).accounts).toEqual(desk.scene.book.accounts);
  });

  it.each(["101", "-1"])("is no larger than what is held: %s of 100 are refused", (quantity) => {
    const desk = found();
    expect(desk.ignore(quantity)).toMatchObject({ result: "refused", code: "not_held" });
    expect(desk.others).toBe("none");
  });

  it("that is given back is worth what the market says where nothing is left of it", () => {
    const desk = found();
    desk.ignore();
    desk.ignore("0");
    expect([desk.scene.position(), desk.others]).toEqual(["100", "none"]);
    expect(desk.scene.account.positions.net(AAPL)?.costBasis.toString()).toBe("10000");
  });

  it("counts as held for the limits and for exits while it is another's", () => {
    const desk = found();
    desk.ignore();
    const { world } = desk.scene;
    world.set("max_position_size_usd", "10500");
    expect(world.ask({ side: "buy", quantity: "10" }).refusal?.code).toBe("max_position_size_usd");
    expect(world.ask({ side: "buy", quantity: "5" }).refusal).toBeNull();
    expect(world.ask({ side: "sell", quantity: "10" }).reducesPosition).toBe(true);
  });

  it("counts beside what we trade ourselves", () => {
    const desk = found();
    desk.ignore();
    desk.scene.bought("5");
    desk.theirs = "105";
    expect(types(desk.look())).not.toContain("DifferenceFound");
    expect([desk.scene.position(), desk.others]).toEqual(["5", "100"]);
  });

  it("that only one look showed differently stays left to others", () => {
    const desk = found();
    desk.ignore();
    desk.theirs = "40";
    desk.look();
    desk.theirs = "100";
    for (let look = 0; look < 3; look += 1) desk.look();
    expect([desk.scene.position(), desk.others]).toEqual(["0", "100"]);
  });

  it("that was corrected already is given back to others at its own cost", () => {
    const desk = found();
    desk.look();
    expect(desk.scene.position()).toBe("100");
    expect(desk.ignore("60")).toMatchObject({ result: "done" });
    expect([desk.scene.position(), desk.others]).toEqual(["40", "60"]);
    expect(desk.scene.account.positions.net(AAPL)?.realizedGross.toString()).toBe("0");
    expect(types(desk.look())).not.toContain("DifferenceFound");
    expect(desk.adopt("90")).toMatchObject({ result: "done" });
    expect([desk.scene.position(), desk.others]).toEqual(["100", "none"]);
    expect(types(desk.look())).not.toContain("DifferenceFound");
  });

  it.each(["101", "-1"])("cannot be another's beyond what is held: %s of 100", (quantity) => {
    const desk = found();
    desk.look();
    expect(desk.ignore(quantity)).toMatchObject({ result: "refused", code: "not_held" });
    expect([desk.scene.position(), desk.others]).toEqual(["100", "none"]);
  });

  it("is not there to be judged where both sides agree, or after a fill", () => {
    const desk = new Desk();
    expect(desk.adopt()).toMatchObject({ result: "refused", code: "nothing_to_do" });
    expect(desk.ignore()).toMatchObject({ result: "refused", code: "nothing_to_do" });
    const moved = found();
    moved.scene.bought("5");
    expect(moved.ignore()).toMatchObject({ result: "refused", code: "nothing_to_do" });
  });
});

describe("the comparison, for any figures", () => {
  const whole = fc.integer({ min: -5, max: 5 });

  it("finds exactly what the broker holds beyond ours and others', and nothing once that is accepted", () => {
    fc.assert(
      fc.property(whole, whole, whole, (ours, others, theirs) => {
        const { account } = new Scene();
        const own = () => d(String(ours));
        const shown = theirs === 0 ? [] : [held(String(theirs))];
        if (others !== 0) account.others.set(AAPL, d(String(others)));
        // What is held is in the ledger in truth; here it is only told.
        const [difference] = comparePositions(account, shown.length > 0 ? shown : [held("0")], own);
        const beyond = difference?.theirs.minus(difference.ours).toString() ?? "0";
        expect(beyond).toBe(String(theirs - ours - others));
        account.others.set(AAPL, d(String(theirs - ours)));
        expect(comparePositions(account, shown.length > 0 ? shown : [held("0")], own)).toEqual([]);
      }),
    );
  });
});
