// How far back fills are read: where the last look ended by the broker's own clock, unless there is a
// reason to read more.
import { describe, expect, it } from "vitest";
import { LookBack, type Shown } from "../../../src/worker/look-back.ts";
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

  /** A look that is decided; from when on it reads. */
  since(shown: Partial<Shown> = {}, isDecided = true): number {
    this.scene.world.now += MINUTE_MS;
    const { now, account } = this.scene;
    const snapshots = shown.snapshots ?? [];
    const { brokerNow } = this;
    const since = this.#lookBack.since(account, {
      ...{ now, snapshots, brokerNow, gapSince: null },
      ...shown,
    });
    const brokerAt = shown.brokerNow ?? brokerNow;
    if (isDecided) this.#lookBack.seen(this.scene.viewOf({ at: now, brokerAt }));
    return since;
  }

  /** By how much it reads more than the last one left. */
  look(shown: Partial<Shown> = {}, isDecided = true): number {
    return -this.since(shown, isDecided) + this.brokerNow - MINUTE_MS;
  }

  /** As many orders a minute. */
  trade(pace: number): void {
    const { account, now } = this.scene;
    const placed = Array.from({ length: pace }, (_, index) => now - (index * MINUTE_MS) / pace);
    account.recentOrders.splice(0, Infinity, ...placed.toReversed());
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

  it("finds what is listed five minutes late, whenever that is", () => {
    const looking = new Looking();
    const looks = Array.from({ length: 60 }, () => ({
      since: looking.since(),
      at: looking.brokerNow,
    }));
    const first = looks[0]?.at ?? 0;
    for (let filledAt = first; filledAt < first + 45 * MINUTE_MS; filledAt += 10_000) {
      const listedAt = filledAt + OVERLAP_MS;
      const finding = looks.find(({ since, at }) => at >= listedAt && since <= filledAt);
      expect(finding).toBeDefined();
    }
  });

  it("never begins behind the end of the last one, however busy the account and wrong our clock", () => {
    const looking = new Looking();
    for (let look = 0; look < 12; look += 1) {
      looking.trade(40_000);
      const before = looking.brokerNow;
      expect(look === 0 || looking.since() < before).toBe(true);
    }
  });

  it("reads far while the stream may have told less than happened", () => {
    const looking = new Looking();
    looking.look();
    expect(looking.look()).toBe(MINUTE_MS / 2);
    const gapSince = looking.scene.now;
    expect(looking.look({ gapSince })).toBeGreaterThanOrEqual(OVERLAP_MS);
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
    expect(looking.look({ snapshots: openOrders })).toBeGreaterThanOrEqual(reach);
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

  it("reads far when the broker's clock was set back: what came since may be dated before the end", () => {
    const looking = new Looking();
    looking.look();
    expect(looking.look()).toBe(MINUTE_MS / 2);
    const brokerNow = looking.brokerNow - 2 * MINUTE_MS;
    expect(looking.since({ brokerNow })).toBeLessThanOrEqual(brokerNow - OVERLAP_MS);
  });
});
