// Shares that an entry of the broker's ledger brings or takes away: whose they are beside what is left to
// others, what goes leaves at what it had cost, and an entry taken back leaves everything as it was.
import { describe, expect, it } from "vitest";
import type { BrokerActivity } from "../../../src/domain/broker.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import { Desk, explained, isQuiet, left } from "./desk.ts";
import { AAPL, d, replay } from "./scene.ts";

const net = ({ scene }: Desk) => scene.account.positions.net(AAPL);
const cost = (desk: Desk) => net(desk)?.costBasis.toString() ?? "0";
const gained = (desk: Desk) => net(desk)?.realizedGross.toString() ?? "0";

/** The broker's ledger tells it, and its position shows it. */
function tell(desk: Desk, more: Partial<BrokerActivity>): BrokerActivity {
  const entry = desk.entry({ type: "JNLS", at: desk.scene.now + 1, ...more });
  const moved = entry.quantity ?? Decimal.ZERO;
  const isBack = entry.status === "cancelled";
  desk.theirs = d(desk.theirs)
    .plus(isBack ? moved.negated() : moved)
    .toString();
  desk.look({ activities: [entry] });
  return entry;
}

const takeBack = (desk: Desk, entry: BrokerActivity) =>
  tell(desk, { ...entry, status: "cancelled" });

/** Left to others, and bought by a strategy at 100 each. */
function beside(others: string, ours: string): Desk {
  const desk = left(others);
  if (ours !== "0") desk.scene.bought(ours, { strategy: "slow" });
  desk.theirs = d(others).plus(d(ours)).toString();
  desk.settle();
  return desk;
}

describe("an entry beside what is left to others", () => {
  it.each([
    { type: "JNLS", ours: "0", quantity: "-5", after: ["0", "none"] },
    { type: "ACATS", ours: "10", quantity: "-5", after: ["10", "none"] },
    { type: "ACATS", ours: "10", quantity: "-3", after: ["10", "2"] },
    { type: "ACATS", ours: "10", quantity: "-8", after: ["7", "none"] },
    { type: "JNLS", ours: "0", quantity: "3", after: ["0", "8"] },
    { type: "JNLS", ours: "10", quantity: "3", after: ["10", "8"] },
    { type: "CFEE", ours: "0", quantity: "-0.01", after: ["0", "4.99"] },
  ])("$type of $quantity is theirs as far as they have it, with $ours of ours", (told) => {
    const desk = beside("5", told.ours);
    const before = explained(desk);
    const entry = tell(desk, { type: told.type, quantity: d(told.quantity) });
    expect(desk.both).toEqual(told.after);
    expect([gained(desk), explained(desk).minus(before).toString()]).toEqual(["0", "0"]);
    expect(isQuiet(desk.look({ activities: [entry] }))).toBe(true);
    takeBack(desk, entry);
    expect(desk.both).toEqual([told.ours, "5"]);
    expect([cost(desk), gained(desk)]).toEqual([d(told.ours).times(d("100")).toString(), "0"]);
    expect(isQuiet(desk.look())).toBe(true);
    expect(replay(desk.scene).accounts).toEqual(desk.scene.book.accounts);
  });

  it("leaves nothing that a close could trade", () => {
    const desk = beside("5", "0");
    tell(desk, { quantity: d("-5") });
    desk.say({ kind: "close_position", instrumentId: AAPL, quantity: null });
    expect(desk.scene.calls).toEqual([]);
  });

  it("moves the cash that it says, and gains nothing of ours", () => {
    const desk = beside("5", "0");
    const before = explained(desk);
    tell(desk, { type: "MA", quantity: d("-5"), netAmount: d("600") });
    expect(explained(desk).minus(before).toString()).toBe("600");
    expect(gained(desk)).toBe("0");
  });

  it("that takes theirs and ours divides its cash by the shares", () => {
    const desk = beside("5", "10");
    const before = explained(desk);
    const entry = tell(desk, { type: "MA", quantity: d("-15"), netAmount: d("1800") });
    expect(desk.both).toEqual(["0", "none"]);
    expect([gained(desk), desk.strategy("slow")]).toEqual(["200", "0"]);
    expect(explained(desk).minus(before).toString()).toBe("1800");
    takeBack(desk, entry);
    expect([...desk.both, cost(desk), gained(desk)]).toEqual(["10", "5", "1000", "0"]);
    expect(explained(desk).eq(before)).toBe(true);
  });

  it("that is a fee in coin is ours where ours was traded just before", () => {
    const desk = left("5");
    desk.scene.bought("10", { strategy: "slow" });
    desk.theirs = "15";
    desk.look();
    tell(desk, { type: "CFEE", quantity: d("-0.01") });
    expect([...desk.both, cost(desk)]).toEqual(["9.99", "5", "1000"]);
  });

  it("that is a fee in coin takes nothing of ours that is not there", () => {
    const desk = left("5");
    const order = desk.scene.working({ side: "buy", quantity: "1" });
    desk.scene.filled(order, "1");
    desk.scene.filled(desk.scene.working({ side: "sell", quantity: "1" }), "1");
    tell(desk, { type: "CFEE", quantity: d("-0.01") });
    expect(desk.both).toEqual(["0", "4.99"]);
  });
});

describe("what an entry without a price takes away", () => {
  it.each(["MA", "JNLS", "ACATS", "SPIN"])("by %s leaves at what it had cost", (type) => {
    const desk = beside("0", "10");
    const before = explained(desk);
    const entry = tell(desk, { type, quantity: d("-4") });
    expect([...desk.both, cost(desk), gained(desk)]).toEqual(["6", "none", "600", "0"]);
    tell(desk, { id: "A-2", type, quantity: d("-6") });
    expect([...desk.both, cost(desk), gained(desk)]).toEqual(["0", "none", "0", "0"]);
    const ofStrategy = desk.scene.account.positions.of(AAPL);
    expect([...ofStrategy].map(({ realizedGross }) => realizedGross.toString())).toEqual([
      "0",
      "0",
    ]);
    expect(explained(desk).eq(before)).toBe(true);
    takeBack(desk, entry);
    expect([...desk.both, cost(desk), gained(desk)]).toEqual(["4", "none", "400", "0"]);
    expect(explained(desk).eq(before)).toBe(true);
  });

  it("for cash gains what was paid beyond its cost", () => {
    const desk = beside("0", "10");
    const before = explained(desk);
    const entry = tell(desk, { type: "MA", quantity: d("-4"), netAmount: d("600") });
    expect([cost(desk), gained(desk)]).toEqual(["600", "200"]);
    expect(explained(desk).minus(before).toString()).toBe("600");
    takeBack(desk, entry);
    expect([desk.scene.position(), cost(desk), gained(desk)]).toEqual(["10", "1000", "0"]);
  });

  it("against a fee loses the fee alone", () => {
    const desk = beside("0", "10");
    const before = explained(desk);
    tell(desk, { type: "ACATS", quantity: d("-10"), netAmount: d("-25") });
    expect([cost(desk), gained(desk)]).toEqual(["0", "-25"]);
    expect(explained(desk).minus(before).toString()).toBe("-25");
  });

  it("of what this very look shows as bought leaves at that price", () => {
    const desk = new Desk();
    const order = desk.scene.working({ side: "buy", quantity: "10" });
    const { brokerOrderId } = desk.scene.order(order);
    const fill = { ...desk.foreign("buy", "10"), brokerOrderId };
    const entry = desk.entry({ type: "JNLS", quantity: d("-10"), at: desk.scene.now + 1 });
    desk.look({ executions: [fill], activities: [entry] });
    expect([desk.scene.position(), cost(desk), gained(desk)]).toEqual(["0", "0", "0"]);
  });

  it("of a short position leaves at what it had brought", () => {
    const desk = new Desk();
    desk.scene.world.hold(AAPL, "-4", "100");
    desk.theirs = "-4";
    desk.look();
    const before = explained(desk);
    tell(desk, { quantity: d("4") });
    expect([desk.scene.position(), cost(desk), gained(desk)]).toEqual(["0", "0", "0"]);
    expect(explained(desk).eq(before)).toBe(true);
  });

  it("and what came without one goes without one when it is taken back", () => {
    const desk = beside("0", "10");
    const entry = tell(desk, { quantity: d("4") });
    expect([desk.scene.position(), cost(desk)]).toEqual(["14", "1000"]);
    takeBack(desk, entry);
    expect([desk.scene.position(), cost(desk), gained(desk)]).toEqual(["10", "1000", "0"]);
  });

  it("comes back at the broker's average when what it said is not at hand any more", () => {
    const desk = beside("0", "10");
    const entry = tell(desk, { quantity: d("-4") });
    for (let more = 0; more < 20; more += 1) {
      desk.scene.bought("1");
      desk.theirs = d(desk.theirs).plus(d("1")).toString();
    }
    const before = explained(desk);
    desk.average = "100";
    takeBack(desk, entry);
    expect([desk.scene.position(), cost(desk), gained(desk)]).toEqual(["30", "3000", "0"]);
    expect(explained(desk).eq(before)).toBe(true);
  });
});
