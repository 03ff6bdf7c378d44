// How far back fills are read: where the last look ended by the broker's own clock, unless there is a
// reason to read more.
import { describe, expect, it } from "vitest";
import { LookBack, type Shown } from "../../../src/worker/look-back.ts";
import { asId, type BrokerOrderId } from "../../../src/domain/ids.ts";
import { ACCOUNT_ID, d, orderOf, Scene } from "../decide/scene.ts";

const MINUTE_MS = 60_000;
const OVERLAP_MS = 5 * MINUTE_MS;
/** What is read again of an account without a budget that any broker gives. */
const BUSY_MS = 10_000;
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
    const brokerAt = shown.brokerNow === undefined ? brokerNow : shown.brokerNow;
    if (isDecided) this.#lookBack.seen(this.scene.viewOf({ at: now, brokerAt }));
    return since;
  }

  /** By how much it reads more than the last one left. */
  look(shown: Partial<Shown> = {}, isDecided = true): number {
    return -this.since(shown, isDecided) + this.brokerNow - MINUTE_MS;
  }

  /** Looks at an account that trades faster than any budget allows. */
  keepBusy(looks: number): void {
    for (let look = 0; look < looks; look += 1) {
      this.trade(40_000);
      this.since();
      this.scene.view({});
    }
  }

  /** A look of such an account whose stream may have told less than happened. */
  doubt(): number {
    this.trade(40_000);
    const since = this.since({ gapSince: this.scene.now });
    this.scene.view({});
    return since;
  }

  /** As many orders in the minute before the next look. */
  trade(pace: number): void {
    const { account } = this.scene;
    const now = this.scene.now + MINUTE_MS;
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

  it("never begins behind the end of the last one, as busy as an ordinary budget allows", () => {
    const looking = new Looking();
    for (let look = 0; look < 12; look += 1) {
      looking.trade(4_000);
      const before = looking.brokerNow;
      expect(look === 0 || looking.since() <= before).toBe(true);
    }
  });

  it("reads the newest fills alone of an account that is busier", () => {
    const looking = new Looking();
    looking.trade(40_000);
    looking.since();
    for (let look = 0; look < 12; look += 1) {
      looking.trade(40_000);
      const since = looking.since();
      expect(looking.brokerNow - since).toBe(BUSY_MS);
      looking.scene.view({});
    }
  });

  it("goes back to where all was read when something is doubted, ten minutes at most", () => {
    for (const looks of [0, 1, 3, 8, 30]) {
      const looking = new Looking();
      looking.trade(40_000);
      looking.since();
      const readTo = looking.brokerNow;
      looking.keepBusy(looks);
      const since = looking.doubt();
      const most = looking.brokerNow - 2 * OVERLAP_MS;
      expect(since).toBeLessThanOrEqual(Math.max(readTo, most));
      expect(since).toBeGreaterThanOrEqual(most - MINUTE_MS);
    }
  });

  it("goes back once for one doubt, however long it lasts", () => {
    const looking = new Looking();
    looking.trade(40_000);
    looking.since();
    looking.keepBusy(30);
    looking.doubt();
    const later = Array.from({ length: 5 }, () => looking.brokerNow - looking.doubt());
    expect(Math.max(...later)).toBeLessThan(MINUTE_MS);
  });

  it.each([0, 500, 4_000])(
    "reads no more when a busy time is over than after any other look, with %i orders a minute",
    (pace) => {
      const looking = new Looking();
      looking.trade(40_000);
      looking.since();
      looking.keepBusy(180);
      const reads = Array.from({ length: 12 }, () => {
        looking.trade(pace);
        const since = looking.since();
        looking.scene.view({});
        return looking.brokerNow - since;
      });
      // As far as a look reads now and then of an account that was never busy.
      expect(Math.max(...reads)).toBeLessThanOrEqual(2 * OVERLAP_MS + MINUTE_MS);
      expect(reads.filter((ms) => ms > 2 * MINUTE_MS).length).toBeLessThanOrEqual(3);
    },
  );

  it("begins somewhere, whatever the broker's clock has told before", () => {
    const looking = new Looking();
    looking.since({ brokerNow: null });
    const looks = [{ brokerNow: null }, {}, {}, { brokerNow: null }, {}, {}];
    for (const shown of looks) {
      const since = looking.since(shown, looks.indexOf(shown) !== 1);
      expect(Math.abs(since)).toBeLessThan(Number.POSITIVE_INFINITY);
      expect(since).toBeLessThan(looking.scene.now);
    }
  });

  it("reads from an order on that lacks a fill, however busy the account", () => {
    const looking = new Looking();
    const id = looking.scene.working({ side: "buy", quantity: "10", limitPrice: "99" });
    const { scene } = looking;
    const openOrders = [scene.snapshot(id, { filledQuantity: d("4") })];
    const placedAt = Math.min(openOrders[0]?.submittedAt ?? scene.now, scene.now);
    for (let look = 0; look < 4; look += 1) {
      looking.trade(40_000);
      looking.since();
    }
    looking.trade(40_000);
    expect(looking.since({ snapshots: openOrders })).toBeLessThan(placedAt);
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

  it("looks for a stranger's fill for as long as it may be listed late, and no longer", () => {
    const looking = new Looking();
    const { scene } = looking;
    looking.look();
    const execution = scene.execution("1", "5", { executedAt: looking.brokerNow });
    const names = { brokerOrderId: asId<BrokerOrderId>("X"), reference: null };
    const head = { ...names, accountId: ACCOUNT_ID, at: scene.now, snapshot: null };
    scene.when({ kind: "report", report: { ...head, kind: "executed", execution } });
    expect(scene.account.parked.size).toBe(1);
    const reads = Array.from({ length: 12 }, () => looking.look() >= OVERLAP_MS - MINUTE_MS);
    expect(reads.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => true));
    expect(reads.slice(5)).toContain(false);
  });

  it("reads far when the broker's clock was set back: what came since may be dated before the end", () => {
    const looking = new Looking();
    looking.look();
    expect(looking.look()).toBe(MINUTE_MS / 2);
    const brokerNow = looking.brokerNow - 2 * MINUTE_MS;
    expect(looking.since({ brokerNow })).toBeLessThanOrEqual(brokerNow - OVERLAP_MS);
  });
});
