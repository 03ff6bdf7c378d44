// Entries of which only the day is known, around the first contact: whether one was in the opening balances
// is told by the first look and not by its instant.
import { describe, expect, it } from "vitest";
import type { BrokerActivity } from "../../../src/domain/broker.ts";
import { asId } from "../../../src/domain/ids.ts";
import { AAPL, d, only, replay, Scene } from "./scene.ts";
import { World } from "../risk/world.ts";

const HOUR = 3_600_000;
/** The scene's clock stands on a Tuesday at ten in New York. */
const TUESDAY = Date.parse("2026-06-09T04:00:00Z");
const DAY = 24 * HOUR;

/** No look has been taken at the broker yet. */
function unknown(): Scene {
  const scene = new Scene(new World());
  scene.world.price(AAPL, "100");
  return scene;
}

function entry(more: Partial<BrokerActivity> = {}): BrokerActivity {
  return {
    ...{ id: "A-1", type: "DIV", status: "executed", symbol: null, instrumentId: null },
    ...{ quantity: null, price: null, netAmount: d("2.5"), at: TUESDAY, until: endOf(TUESDAY) },
    ...more,
  };
}

const endOf = (day: number): number => day + DAY - 1;
const onDay = (at: number) => ({ at, until: endOf(at) });

function look(scene: Scene, ...activities: BrokerActivity[]): void {
  scene.world.now += HOUR;
  const quantity = scene.account.positions.quantity(AAPL);
  const shown = { symbol: "AAPL", instrumentId: AAPL, quantity, averagePrice: d("100") };
  scene.view({ activities, positions: quantity.isZero() ? [] : [shown] });
}

/** What entries moved in cash so far. */
function moved(scene: Scene): string {
  const sum = scene.log.flatMap(({ event }) =>
    event.type === "CashAdjusted" && event.adjustment.kind !== "opening_balance"
      ? [event.adjustment.amount]
      : [],
  );
  return sum.reduce((total, amount) => total.plus(amount), d("0")).toString();
}

describe("an entry that only names the day of the first contact", () => {
  it("counts when it was told after it, once", () => {
    const scene = unknown();
    look(scene);
    look(scene, entry());
    look(scene, entry());
    expect(moved(scene)).toBe("2.5");
  });

  it("is in the opening balances when the first look shows it, and counts in no later one", () => {
    const scene = unknown();
    look(scene, entry());
    look(scene, entry());
    look(scene, entry(), entry({ id: "A-2", netAmount: d("-1") }));
    expect(moved(scene)).toBe("-1");
    expect(replay(scene).accounts.get(scene.account.account.id)?.adjustments).toEqual(
      scene.account.adjustments,
    );
  });

  it("opens no cash that is not known yet", () => {
    const scene = unknown();
    look(scene, entry());
    expect(scene.account.cash.isOpen).toBe(false);
  });

  it("moves no position that the opening balances have", () => {
    const scene = unknown();
    const shares = entry({ type: "ACATC", symbol: "AAPL", instrumentId: AAPL, quantity: d("5") });
    scene.world.now += HOUR;
    const shown = { symbol: "AAPL", instrumentId: AAPL, quantity: d("5"), averagePrice: d("100") };
    scene.view({ activities: [shares], positions: [shown] });
    look(scene, shares);
    expect(scene.position()).toBe("5");
    look(scene, shares, { ...shares, id: "A-2", quantity: d("3"), price: d("100") });
    expect(scene.position()).toBe("8");
  });

  it("is taken back when it is, and an entry that was taken back before is not", () => {
    const scene = unknown();
    const gone = entry({ id: "A-2", status: "cancelled" });
    look(scene, entry(), gone);
    look(scene, entry({ status: "cancelled" }), gone);
    expect(moved(scene)).toBe("-2.5");
  });

  it("counts as it was corrected before, and is taken back as such", () => {
    const scene = unknown();
    const corrected = entry({ status: "corrected", netAmount: d("4") });
    look(scene, corrected);
    look(scene, corrected);
    expect(moved(scene)).toBe("0");
    look(scene, { ...corrected, status: "cancelled" });
    expect(moved(scene)).toBe("-4");
  });
});

describe("an entry of a day before the first contact", () => {
  it("counts when it was posted a day late", () => {
    const scene = unknown();
    look(scene);
    look(scene, entry(onDay(TUESDAY - DAY)));
    expect(moved(scene)).toBe("2.5");
  });

  it("is in the opening balances when it is older, also where the first look was too short for it", () => {
    const scene = unknown();
    look(scene);
    look(scene, entry(onDay(TUESDAY - 3 * DAY)));
    expect(moved(scene)).toBe("0");
  });

  it("is in the opening balances where its instant says so", () => {
    const scene = unknown();
    look(scene);
    const { until: _, ...exact } = entry();
    look(scene, exact);
    expect(moved(scene)).toBe("0");
  });
});

describe("an entry that only names the day on which we traded as well", () => {
  const shares = (more: Partial<BrokerActivity>) =>
    entry({ symbol: "AAPL", instrumentId: AAPL, netAmount: d("0"), ...more });
  const fee = shares({ type: "CFEE", quantity: d("-0.0025"), price: d("100") });
  const slow = (scene: Scene) =>
    scene.account.positions.ofStrategy(AAPL, asId("slow"))?.quantity.toString();

  /** A look has been taken, and an hour later a strategy has bought one. */
  function bought(): Scene {
    const scene = unknown();
    look(scene);
    scene.world.now += HOUR;
    scene.world.price(AAPL, "100");
    scene.bought("1", { strategy: "slow" });
    return scene;
  }

  /** The broker holds so many when it tells them. */
  function tell(scene: Scene, theirs: string, ...activities: BrokerActivity[]): void {
    scene.world.now += HOUR;
    scene.world.price(AAPL, "100");
    const shown = { symbol: "AAPL", instrumentId: AAPL, quantity: d(theirs), averagePrice: null };
    scene.view({ activities, positions: [shown] });
  }

  it.each(["the same day", "a day later"])(
    "takes what it takes behind the fill when told %s, so that the strategy can close what is left",
    (when) => {
      const scene = bought();
      if (when === "a day later") scene.world.now += DAY;
      tell(scene, "0.9975", fee);
      const net = scene.account.positions.net(AAPL);
      expect([net?.quantity, net?.costBasis, net?.realizedGross].map(String)).toEqual([
        "0.9975",
        "100",
        "0",
      ]);
      expect(slow(scene)).toBe("0.9975");
      const again = replay(scene).accounts.get(scene.account.account.id)?.positions;
      expect([...(again?.of(AAPL) ?? [])]).toEqual([...scene.account.positions.of(AAPL)]);
      const events = scene.signal({ target: "0", strategy: "slow", type: "market" });
      expect(only(events, "SignalDecided").outcome).toBe("ordered");
      expect(scene.calls.at(-1)).toMatchObject({
        kind: "submit",
        terms: { quantity: d("0.9975") },
      });
    },
  );

  it("takes it at the end of that day at the latest", () => {
    const scene = bought();
    scene.world.now = endOf(TUESDAY) + HOUR;
    scene.world.price(AAPL, "100");
    scene.bought("1", { strategy: "fast" });
    tell(scene, "1.9975", fee);
    expect(slow(scene)).toBe("0.9975");
  });

  it("and is taken back gives back what it took", () => {
    const scene = bought();
    tell(scene, "0.9975", fee);
    tell(scene, "1", { ...fee, status: "cancelled" });
    const net = scene.account.positions.net(AAPL);
    expect([net?.quantity, net?.costBasis, net?.realizedGross].map(String)).toEqual([
      "1",
      "100",
      "0",
    ]);
  });

  it("brings what it brings before it, so that it can be sold that day", () => {
    const scene = unknown();
    look(scene);
    scene.world.price(AAPL, "100");
    scene.world.now += HOUR;
    scene.world.hold(AAPL, "-4", "100");
    tell(scene, "1", shares({ type: "ACATS", quantity: d("5"), price: d("90") }));
    expect(scene.account.positions.net(AAPL)?.costBasis.toString()).toBe("90");
  });

  it("and is a split divides what was there when the day began", () => {
    const scene = unknown();
    scene.world.now = TUESDAY - DAY + 14 * HOUR;
    look(scene);
    scene.world.now += HOUR;
    scene.world.price(AAPL, "100");
    scene.bought("1", { strategy: "slow" });
    scene.world.now += DAY;
    scene.world.price(AAPL, "100");
    scene.bought("1", { strategy: "fast" });
    tell(scene, "3", shares({ type: "SPLIT", quantity: d("1") }));
    expect(slow(scene)).toBe("2");
  });
});
