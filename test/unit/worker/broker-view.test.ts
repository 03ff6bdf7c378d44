// From when on fills are read: as far back as what the broker shows of an order and we lack.
import { describe, expect, it } from "vitest";
import type { BrokerOrderSnapshot } from "../../../src/domain/broker.ts";
import { asId, type BrokerOrderId } from "../../../src/domain/ids.ts";
import type { BrokerAccountPort } from "../../../src/ports/broker.ts";
import { readBrokerView } from "../../../src/worker/broker-view.ts";
import { LookBack } from "../../../src/worker/look-back.ts";
import { RateBudget } from "../../../src/worker/rate-budget.ts";
import { readTokens } from "../../../src/worker/read-tokens.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { d, orderOf, Scene } from "../decide/scene.ts";
import { onePage } from "../../support/pages.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const NEW = asId<BrokerOrderId>("B-2");

/** Since when fills are read, where the broker shows these as open. */
async function readSince(scene: Scene, openOrders: readonly BrokerOrderSnapshot[]) {
  const asked: number[] = [];
  const { account } = scene.viewOf();
  const none = () => Promise.resolve([]);
  const port = {
    account: () => Promise.resolve(account),
    openOrders: () => Promise.resolve(openOrders),
    time: () => Promise.resolve(scene.now),
    positions: none,
    activitiesSince: none,
    executionsSince: (since: number) => {
      asked.push(since);
      return onePage(none());
    },
    rateBudget: () => null,
    traits: {},
  } as unknown as BrokerAccountPort;
  const clock = new ManualClock();
  const { signal } = new AbortController();
  await readBrokerView({
    ...{ port, account: scene.account, now: scene.now, logSeq: scene.book.seq, gapSince: null },
    ...{ signal, pastSignal: signal, onUnreadable: () => undefined },
    settled: () => Promise.resolve([]),
    lookBack: new LookBack(),
    ...{ onRequest: () => undefined, rest: () => Promise.resolve() },
    tokens: readTokens(new RateBudget(200, clock.now()), port, clock),
  });
  return asked[0];
}

describe("fills", () => {
  it("are let go page by page where they are settled, and a long list is read with rests", async () => {
    const scene = new Scene();
    const fillOf = (page: number) => ({
      ...scene.execution("4", "99", { brokerOrderId: asId<BrokerOrderId>(`B-old-${page}`) }),
      ...{ symbol: "AAPL", side: "buy" as const, reference: null },
    });
    const told: string[] = [];
    async function* pages() {
      for (let page = 1; page <= 13; page += 1) {
        told.push(`page ${page}`);
        yield [fillOf(page)];
      }
      // The list grows while it is read: what filled behind the look is the next one's.
      for (let page = 14; ; page += 1) {
        told.push(`page ${page}`);
        yield [{ ...fillOf(page), executedAt: scene.now + (page - 13) * 3_000 }];
      }
    }
    const { account } = scene.viewOf();
    const none = () => Promise.resolve([]);
    const port = {
      account: () => Promise.resolve(account),
      time: () => Promise.resolve(scene.now),
      ...{ openOrders: none, positions: none, activitiesSince: none, executionsSince: pages },
      ...{ rateBudget: () => null, traits: {} },
    } as unknown as BrokerAccountPort;
    const { signal } = new AbortController();
    const { view } = await readBrokerView({
      ...{ port, account: scene.account, now: scene.now, logSeq: scene.book.seq, gapSince: null },
      ...{ signal, pastSignal: signal, onUnreadable: () => undefined, lookBack: new LookBack() },
      settled: async (ids) => {
        told.push(`settled ${ids.join()}`);
        return ids
          .filter((id) => id !== "B-old-7")
          .map((brokerOrderId) => ({
            ...{ brokerOrderId, filledQuantity: d("4"), filledNotional: d("396") },
          }));
      },
      onRequest: () => undefined,
      rest: async () => void told.push("rest"),
      tokens: { left: () => 100, take: () => undefined },
    });
    expect(view.executions.map(({ brokerOrderId }) => brokerOrderId)).toEqual(["B-old-7"]);
    expect(told.slice(0, 3)).toEqual(["page 1", "settled B-old-1", "page 2"]);
    expect(told.filter((each) => each === "rest")).toHaveLength(12);
    expect(told.at(-1)).toBe("settled B-old-15");
  });

  /** Four of ten filled, then changed: the broker's new order is of the six that are left. */
  function changed(): Scene {
    const scene = new Scene();
    const id = scene.working({ side: "buy", quantity: "10", limitPrice: "99" });
    scene.filled(id, "4");
    scene.command({ kind: "replace_order", orderId: id, change: { limitPrice: d("98") } });
    scene.report(id, { kind: "replaced", newBrokerOrderId: NEW, newReference: null });
    const shown = scene.snapshot(id, { quantity: d("6"), filledQuantity: d("0") });
    scene.view({ openOrders: [shown] });
    scene.world.now += HOUR_MS;
    scene.view({ openOrders: [shown] });
    return scene;
  }

  it("are read from the order on of which one was never told, also where it took another's place", async () => {
    const scene = changed();
    const shown = scene.snapshot(orderOf(1), {
      quantity: d("6"),
      filledQuantity: d("3"),
      submittedAt: scene.now - HOUR_MS,
    });
    expect(await readSince(scene, [shown])).toBeLessThan(scene.now - HOUR_MS);
  });

  it("are read from the leg on of which one was never told", async () => {
    const scene = changed();
    const at = { submittedAt: scene.now - HOUR_MS };
    const leg = scene.snapshot(orderOf(1), { ...at, quantity: d("6"), filledQuantity: d("3") });
    const entry = { ...leg, brokerOrderId: asId<BrokerOrderId>("entry"), reference: null };
    const shown = { ...entry, filledQuantity: d("0"), legs: [leg] };
    expect(await readSince(scene, [shown])).toBeLessThan(scene.now - HOUR_MS);
  });

  it("are read from the last look on where all that is shown was told", async () => {
    const scene = changed();
    const shown = scene.snapshot(orderOf(1), {
      quantity: d("6"),
      filledQuantity: d("0"),
      submittedAt: scene.now - HOUR_MS,
    });
    expect(await readSince(scene, [shown])).toBeGreaterThan(scene.now - HOUR_MS);
  });

  it.each([
    [200, 5 * MINUTE_MS],
    [4_000, MINUTE_MS],
    [40_000, MINUTE_MS / 2],
  ])(
    "are read again where %i orders a minute are placed, %i ms of them",
    async (pace, overlapMs) => {
      const scene = new Scene();
      scene.view({});
      const { account, now } = scene;
      const placed = Array.from({ length: pace }, (_, index) => now - (index * MINUTE_MS) / pace);
      account.recentOrders.splice(0, Infinity, ...placed.toReversed());
      expect(await readSince(scene, [])).toBe(now - overlapMs);
    },
  );
});
