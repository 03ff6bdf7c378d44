// How far back fills are read: where the last look ended by the broker's own clock, unless there is a
// reason to read more.
import { describe, expect, it } from "vitest";
import type { BrokerView } from "../../../src/domain/broker.ts";
import { LookBack } from "../../../src/worker/look-back.ts";
import { d, orderOf, Scene } from "../decide/scene.ts";

const MINUTE_MS = 60_000;
const OVERLAP_MS = 5 * MINUTE_MS;
const AHEAD_MS = 7 * MINUTE_MS;

/** An account that is looked at once a minute; the broker's clock is behind ours. */
class Looking {
  readonly scene = new Scene();
  readonly #lookBack = new LookBack();
  constructor() {
    this.scene.view({});
  }

  get brokerNow(): number {
    return this.scene.now - AHEAD_MS;
  }

  /** A look that is decided; by how much it reads more than the last one left. */
  look(shown: Partial<BrokerView> = {}, isDecided = true): number {
    this.scene.world.now += MINUTE_MS;
    const { now, account } = this.scene;
    const snapshots = shown.openOrders ?? [];
    const since = this.#lookBack.since(account, { snapshots, now, brokerNow: this.brokerNow });
    if (isDecided) this.#lookBack.seen(this.scene.viewOf({ at: now, brokerAt: this.brokerNow }));
    return this.brokerNow - since - MINUTE_MS;
  }
}

describe("a look at an account", () => {
  it("goes on where the last one ended, by the broker's clock", () => {
    const looking = new Looking();
    looking.look();
    expect([looking.look(), looking.look()]).toEqual([MINUTE_MS / 2, MINUTE_MS / 2]);
  });

  it("reads far at first, and every five minutes", () => {
    const looking = new Looking();
    const reads = Array.from({ length: 11 }, () => looking.look() >= OVERLAP_MS - MINUTE_MS);
    const far = reads.flatMap((isFar, index) => (isFar ? [index] : []));
    expect(far).toEqual([0, 5, 10]);
  });

  it("reads what a look told that was not decided", () => {
    const looking = new Looking();
    looking.look();
    looking.look({}, false);
    expect(looking.look()).toBe(1.5 * MINUTE_MS);
  });

  it("reads far where the broker shows more filled than is booked", () => {
    const looking = new Looking();
    const id = looking.scene.working({ side: "buy", quantity: "10", limitPrice: "99" });
    const { scene } = looking;
    const openOrders = [scene.snapshot(id, { filledQuantity: d("4") })];
    const placedAt = openOrders[0]?.submittedAt ?? scene.now;
    for (let minutes = 0; minutes < 21; minutes += 1) looking.look();
    expect(looking.look()).toBe(MINUTE_MS / 2);
    const reach = looking.brokerNow - placedAt;
    expect(looking.look({ openOrders })).toBeGreaterThanOrEqual(reach);
  });

  it("reads far while a position is doubted", () => {
    const looking = new Looking();
    looking.look();
    expect(looking.look()).toBe(MINUTE_MS / 2);
    const { scene } = looking;
    scene.working({ side: "buy", quantity: "10", limitPrice: "99" });
    scene.filled(orderOf(1), "4");
    scene.world.now += MINUTE_MS;
    scene.view({ positions: [] });
    expect(scene.account.suspected.size).toBe(1);
    expect(looking.look()).toBeGreaterThanOrEqual(OVERLAP_MS - MINUTE_MS);
  });

  it("reads from the end of the last one though the broker's clock goes back", () => {
    const looking = new Looking();
    looking.look();
    const before = looking.brokerNow;
    looking.scene.world.now -= 3 * MINUTE_MS;
    expect(looking.look()).toBe(MINUTE_MS / 2 - MINUTE_MS);
    expect(looking.brokerNow).toBeLessThan(before);
  });
});
