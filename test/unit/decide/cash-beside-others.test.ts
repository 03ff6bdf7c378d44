// Cash that the broker pays or takes for shares while some of them are left to others: each has the part of
// what it held, and a fee on a trade is whose the trade was.
import { describe, expect, it } from "vitest";
import type { BrokerActivity } from "../../../src/domain/broker.ts";
import { PositionLedger } from "../../../src/domain/position/ledger.ts";
import { Desk, explained, isQuiet, left } from "./desk.ts";
import { AAPL, ACCOUNT_ID, d, replay } from "./scene.ts";

const DAYS_MS = 24 * 60 * 60_000;
const net = ({ scene }: Desk) => scene.account.positions.net(AAPL);
const gained = (desk: Desk) => net(desk)?.realizedGross.toString() ?? "0";
const fees = (desk: Desk) => net(desk)?.fees.toString() ?? "0";

/** Ninety of others and, bought a week ago, ten of ours. */
function ten(ours = "10", others = "90"): Desk {
  const desk = left(others);
  if (ours !== "0") desk.scene.bought(ours, { strategy: "slow" });
  desk.theirs = d(others).plus(d(ours)).toString();
  desk.settle();
  desk.scene.world.now += 7 * DAYS_MS;
  desk.look();
  return desk;
}

/** What a start loads of positions is what they are, and not what they went through. */
function forgetFacts({ scene: { account } }: Desk): void {
  const positions = PositionLedger.restore(ACCOUNT_ID, [...account.positions.all()]);
  Object.assign(account, { positions });
}

function tell(desk: Desk, more: Partial<BrokerActivity>): BrokerActivity {
  const entry = desk.entry({ type: "DIV", at: desk.scene.now + 1, ...more });
  const before = explained(desk);
  desk.look({ activities: [entry] });
  const moved = explained(desk).minus(before).toString();
  const amount = entry.netAmount ?? d("0");
  expect(moved).toBe((entry.status === "cancelled" ? amount.negated() : amount).toString());
  expect(isQuiet(desk.look({ activities: [entry] }))).toBe(true);
  expect(replay(desk.scene).accounts).toEqual(desk.scene.book.accounts);
  return entry;
}

describe("cash for what is held", () => {
  it.each([
    { type: "DIV", ours: "10", others: "90", gain: "2.5" },
    { type: "DIVNRA", ours: "10", others: "90", gain: "2.5" },
    { type: "ROC", ours: "10", others: "90", gain: "2.5" },
    { type: "DIV", ours: "0", others: "100", gain: "0" },
    { type: "DIV", ours: "1", others: "2", gain: "8.333333333" },
    { type: "DIV", ours: "10", others: "-5", gain: "50" },
  ])("by $type is $gain of 25 with $ours of ours beside $others", (told) => {
    const desk = ten(told.ours, told.others);
    const both = d(told.ours).plus(d(told.others));
    const quantity = told.type === "ROC" ? null : both;
    const entry = tell(desk, { type: told.type, quantity, netAmount: d("25") });
    expect([gained(desk), desk.both]).toEqual([told.gain, [told.ours, told.others]]);
    tell(desk, { ...entry, status: "cancelled" });
    expect([gained(desk), desk.both]).toEqual(["0", [told.ours, told.others]]);
  });

  it("is divided by what was held when it was paid, whatever was traded since", () => {
    const desk = ten();
    const at = desk.scene.now + 1;
    desk.scene.world.now += 1_000;
    desk.scene.bought("100", { strategy: "slow" });
    desk.theirs = "200";
    desk.look({ activities: [desk.entry({ type: "DIV", netAmount: d("25"), at })] });
    expect(gained(desk)).toBe("2.5");
  });

  it("is all ours where nothing was left to others, and divided as it is now where nobody held it", () => {
    const desk = new Desk();
    desk.scene.bought("10");
    desk.theirs = "10";
    desk.look();
    tell(desk, { netAmount: d("25") });
    expect(gained(desk)).toBe("25");
    const other = new Desk();
    const at = other.scene.now + 1;
    other.theirs = "90";
    other.settle();
    other.ignore("90");
    other.scene.bought("10");
    other.theirs = "100";
    other.look({ activities: [other.entry({ type: "DIV", netAmount: d("25"), at })] });
    expect(gained(other)).toBe("2.5");
  });

  it("that is a charge of the custodian is divided too", () => {
    const desk = ten();
    tell(desk, { type: "PTC", netAmount: d("-1") });
    expect([fees(desk), gained(desk)]).toEqual(["0.1", "0"]);
  });

  it.each(["at once", "after a restart"])(
    "taken back %s goes back as it came, whoever sold since",
    (when) => {
      const desk = ten();
      const entry = tell(desk, { netAmount: d("25") });
      const moved = tell(desk, { id: "A-2", type: "DIVNRA", netAmount: d("-5") });
      expect(gained(desk)).toBe("2");
      desk.theirs = "10";
      desk.look({ executions: [desk.foreign("sell", "90", { executedAt: desk.scene.now + 1 })] });
      expect(desk.both).toEqual(["10", "none"]);
      if (when !== "at once") forgetFacts(desk);
      for (const each of [entry, moved])
        desk.look({ activities: [{ ...each, status: "cancelled" }] });
      expect(gained(desk)).toBe("0");
    },
  );

  it("and shares that came to both go back from both", () => {
    const desk = ten();
    desk.theirs = "5";
    const entry = tell(desk, { type: "JNLS", quantity: d("-95") });
    expect(desk.both).toEqual(["5", "none"]);
    forgetFacts(desk);
    desk.theirs = "100";
    desk.look({ activities: [{ ...entry, status: "cancelled" }] });
    expect(desk.both).toEqual(["10", "90"]);
  });

  it("taken back long after goes back as it came, too", () => {
    const desk = ten();
    const entry = tell(desk, { netAmount: d("25") });
    for (let more = 0; more < 20; more += 1) {
      desk.scene.world.now += 60_000;
      desk.scene.world.price(AAPL, "100");
      desk.scene.bought("1");
      desk.scene.filled(desk.scene.working({ side: "sell", quantity: "1" }), "1");
    }
    tell(desk, { ...entry, status: "cancelled" });
    expect(gained(desk)).toBe("0");
  });

  it("that comes with a split is divided like the split", () => {
    const desk = ten();
    desk.theirs = "200";
    tell(desk, { type: "SPLIT", quantity: d("100"), netAmount: d("5") });
    expect([gained(desk), desk.both]).toEqual(["0.5", ["20", "180"]]);
  });
});

describe("a fee in money on a trade", () => {
  it("is ours where we traded just before", () => {
    const desk = ten();
    desk.scene.bought("10");
    desk.theirs = "110";
    desk.look();
    tell(desk, { type: "FEE", netAmount: d("-1") });
    expect(fees(desk)).toBe("1");
  });

  it("is theirs where they alone did, also when they have nothing left", () => {
    const desk = ten();
    tell(desk, { type: "FEE", netAmount: d("-1") });
    expect(fees(desk)).toBe("0");
    desk.theirs = "10";
    desk.look({ executions: [desk.foreign("sell", "90", { executedAt: desk.scene.now + 1 })] });
    expect(desk.both).toEqual(["10", "none"]);
    tell(desk, { id: "A-2", type: "FEE", netAmount: d("-1") });
    expect(fees(desk)).toBe("0");
    desk.scene.world.now += 3 * DAYS_MS;
    tell(desk, { id: "A-3", type: "FEE", netAmount: d("-1") });
    expect(fees(desk)).toBe("1");
  });

  it("that is told together with the trade is whose the trade was", () => {
    const desk = ten();
    const sale = desk.foreign("sell", "90", { executedAt: desk.scene.now + 1 });
    const fee = { type: "FEE", netAmount: d("-7"), at: desk.scene.now + 2 };
    desk.theirs = "10";
    desk.look({ executions: [sale], activities: [desk.entry(fee)] });
    expect([...desk.both, fees(desk)]).toEqual(["10", "none", "0"]);
    const other = ten();
    const order = other.scene.working({ side: "buy", quantity: "1" });
    const { brokerOrderId } = other.scene.order(order);
    const bought = { ...other.foreign("buy", "1", { executedAt: other.scene.now }), brokerOrderId };
    other.theirs = "101";
    other.look({
      executions: [bought],
      activities: [other.entry({ ...fee, at: other.scene.now })],
    });
    expect([...other.both, fees(other)]).toEqual(["11", "90", "7"]);
  });
});

describe("a fee that says a quantity and no money", () => {
  it("is one in coin, by whatever name", () => {
    const desk = new Desk();
    desk.scene.bought("1", { strategy: "slow" });
    desk.scene.world.instrument(AAPL, { assetClass: "crypto" });
    desk.theirs = "0.9975";
    desk.scene.world.now += 1_000;
    desk.look({
      activities: [desk.entry({ type: "FEE", quantity: d("-0.0025"), netAmount: d("0") })],
    });
    expect([desk.scene.position(), desk.strategy("slow"), net(desk)?.costBasis.toString()]).toEqual(
      ["0.9975", "0.9975", "100"],
    );
    expect(isQuiet(desk.look())).toBe(true);
  });

  it("on shares came to nothing, and moves none", () => {
    const desk = new Desk();
    desk.scene.bought("10");
    desk.theirs = "10";
    desk.look();
    const entry = { type: "FEE", quantity: d("-10"), netAmount: d("0"), at: desk.scene.now + 1 };
    desk.look({ activities: [desk.entry(entry)] });
    expect(desk.scene.position()).toBe("10");
  });

  it("and in money moves no shares, for however many it was charged", () => {
    const desk = new Desk();
    desk.scene.bought("10");
    desk.theirs = "10";
    desk.look();
    const entry = { type: "FEE", quantity: d("-10"), netAmount: d("-0.02") };
    desk.look({ activities: [desk.entry({ ...entry, at: desk.scene.now + 1 })] });
    expect([desk.scene.position(), fees(desk)]).toEqual(["10", "0.02"]);
  });
});
