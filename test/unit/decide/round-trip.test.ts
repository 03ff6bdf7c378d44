// A stranger's trades and transfers of one look are judged together, and an old correction that nobody
// explained has none of what happened after it.
import { describe, expect, it } from "vitest";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerOrderId, ExecutionId } from "../../../src/domain/ids.ts";
import type { BrokerActivity } from "../../../src/domain/broker.ts";
import { Desk, explained, isQuiet } from "./desk.ts";
import { AAPL, ACCOUNT_ID, d, replay } from "./scene.ts";

const HOURS_MS = 60 * 60_000;
const DAYS_MS = 24 * HOURS_MS;
const net = ({ scene }: Desk) => scene.account.positions.net(AAPL);
const figures = (desk: Desk) => [
  desk.scene.position(),
  net(desk)?.costBasis.toString(),
  net(desk)?.realizedGross.toString(),
];

/** A hundred at 50 that no entry and no fill explains, corrected by a look. */
function corrected(theirs = "100"): Desk {
  const desk = new Desk();
  Object.assign(desk, { theirs, average: "50" });
  desk.settle();
  expect(desk.scene.position()).toBe(theirs);
  return desk;
}

let fills = 0;
function fill(
  desk: Desk,
  [side, quantity, price, at]: readonly ["buy" | "sell", string, string, number],
) {
  fills += 1;
  const id = asId<ExecutionId>(`F-${fills}`);
  const brokerOrderId = asId<BrokerOrderId>(`Y-${fills}`);
  return desk.foreign(side, quantity, { id, brokerOrderId, price: d(price), executedAt: at });
}

describe("a stranger's round trip behind an old correction", () => {
  it.each(["one look", "two looks", "one look, the sale first"])(
    "in %s is counted as what it is",
    (told) => {
      const desk = corrected();
      desk.scene.world.now += DAYS_MS;
      desk.look();
      const before = explained(desk);
      const { now } = desk.scene;
      const bought = fill(desk, ["buy", "10", "60", now + 1_000]);
      const sold = fill(desk, ["sell", "10", "61", now + 2_000]);
      if (told === "one look") desk.look({ executions: [bought, sold] });
      else if (told === "two looks") {
        desk.theirs = "110";
        desk.look({ executions: [bought] });
        desk.theirs = "100";
        desk.look({ executions: [bought, sold] });
      } else desk.look({ executions: [sold, bought] });
      expect(desk.scene.position()).toBe("100");
      expect(explained(desk).minus(before).toString()).toBe("10");
      // Sold were ten of a hundred and ten, at what they had cost on average.
      const total = net(desk)?.realizedGross.minus(net(desk)?.costBasis ?? d("0"));
      expect(total?.toString()).toBe("-4990");
      expect(isQuiet(desk.look({ executions: [bought, sold] }))).toBe(true);
      expect(replay(desk.scene).accounts).toEqual(desk.scene.book.accounts);
    },
  );

  it("of what nobody holds any more is counted by the name that the stream gave it", () => {
    const desk = new Desk();
    const flat = { positions: [] };
    desk.scene.view(flat);
    const trades = (["buy", "sell"] as const).map((side, index) =>
      fill(desk, [side, "10", index === 0 ? "60" : "61", desk.scene.now + index + 1]),
    );
    for (const { symbol, side, ...execution } of trades) {
      const { brokerOrderId, executedAt: at } = execution;
      const head = { accountId: ACCOUNT_ID, brokerOrderId, reference: null, at };
      const order = desk.scene.snapshot(desk.scene.working({ quantity: "1" }));
      const snapshot = {
        ...order,
        brokerOrderId: brokerOrderId ?? order.brokerOrderId,
        symbol,
        side,
      };
      const report = { kind: "executed" as const, ...head, execution, snapshot };
      desk.scene.when({ kind: "report", report });
    }
    expect(desk.scene.account.parked.size).toBe(2);
    desk.scene.view({ ...flat, executions: trades });
    expect(desk.scene.account.parked.size).toBe(0);
    expect(net(desk)?.realizedGross.toString()).toBe("10");
  });

  it("by transfers, in one look, leaves everything as it was too", () => {
    const desk = corrected();
    desk.scene.world.now += HOURS_MS;
    desk.look();
    const { now: at } = desk.scene;
    const entry = (id: string, quantity: string): BrokerActivity =>
      desk.entry({ id, type: "JNLS", quantity: d(quantity), price: d("50"), at: at + 1 });
    const activities = [entry("T-1", "10"), entry("T-2", "-10")];
    desk.look({ activities });
    expect(figures(desk)).toEqual(["100", "5000", "0"]);
    expect(isQuiet(desk.look({ activities }))).toBe(true);
  });
});

describe("fills that a correction may have", () => {
  it("are in it also where the same look tells of younger ones", () => {
    const desk = new Desk();
    const at = desk.scene.now + 1;
    const old = [fill(desk, ["buy", "10", "50", at]), fill(desk, ["sell", "6", "50", at + 1])];
    Object.assign(desk, { theirs: "4", average: "50" });
    desk.settle();
    const young = fill(desk, ["buy", "10", "50", desk.scene.now + 1]);
    desk.theirs = "14";
    desk.look({ executions: [...old, young] });
    expect(desk.scene.position()).toBe("14");
    expect(isQuiet(desk.look())).toBe(true);
  });

  it("are missing where all of them together make both sides alike", () => {
    const desk = new Desk();
    const at = desk.scene.now + 1;
    const late = [fill(desk, ["buy", "9", "50", at]), fill(desk, ["sell", "3", "50", at + 1])];
    Object.assign(desk, { theirs: "12", average: "50" });
    desk.settle();
    desk.theirs = "18";
    desk.look({ executions: late });
    expect(desk.scene.position()).toBe("18");
    expect(isQuiet(desk.look())).toBe(true);
  });
});

describe("a round trip that corrections had before it was told", () => {
  it.each(["at once", "after a restart"])("counts once when it is told %s", (when) => {
    const desk = new Desk();
    desk.average = "100";
    desk.scene.bought("10");
    desk.theirs = "10";
    desk.settle();
    const before = explained(desk);
    const boughtAt = desk.scene.now + 1;
    desk.theirs = "15";
    desk.settle();
    const soldAt = desk.scene.now + 1;
    desk.theirs = "10";
    desk.settle();
    if (when !== "at once") forget(desk);
    const bought = fill(desk, ["buy", "5", "90", boughtAt]);
    const sold = fill(desk, ["sell", "5", "110", soldAt]);
    desk.look({ executions: [bought, sold] });
    expect(figures(desk)).toEqual(["10", "1000", "0"]);
    expect(explained(desk).minus(before).toString()).toBe("100");
  });
});

/** In no table: what a correction leaves unexplained, and what was held before it. */
function forget({ scene: { account } }: Desk): void {
  for (const [instrumentId, all] of account.corrected) {
    const loaded = all.map((each) => ({ ...each, left: null, before: null }));
    Object.assign(account, { corrected: new Map([[instrumentId, loaded]]) });
  }
}

describe("an entry behind an unexplained correction", () => {
  const posted = (days: number): Desk => {
    const desk = corrected("10");
    desk.scene.world.now += days * DAYS_MS;
    desk.look();
    const at = desk.scene.now + 1;
    desk.look({ activities: [desk.entry({ type: "JNLS", quantity: d("10"), at })] });
    return desk;
  };

  it("is in it where it was posted within days, and is another one weeks later", () => {
    expect(posted(3).scene.position()).toBe("10");
    // Both sides differ then, which is told; they did not when it was taken for the old one.
    expect(posted(20).scene.position()).toBe("20");
  });
});
