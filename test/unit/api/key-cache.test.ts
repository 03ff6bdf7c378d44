// Keys in memory: each is looked up now and then, and no stranger stands in the way of one that there is.
import { beforeEach, describe, expect, it } from "vitest";
import { makeKey, nameOfKey, type NewKey } from "../../../src/api/auth/api-key.ts";
import { KeyCache } from "../../../src/api/auth/key-cache.ts";
import type { ApiKeyRow, KeyStore } from "../../../src/ports/operations.ts";
import { ManualClock } from "../../support/manual-clock.ts";

const REMEMBERED_MS = 5_000;
const PER_SECOND = 100;
/** More strangers come by than are remembered. */
const ROUNDS = 101;

class FakeStore implements KeyStore {
  readonly #rows = new Map<string, ApiKeyRow>();
  readonly asked = { lookups: 0, lists: 0 };

  make(): NewKey {
    const made = makeKey();
    this.#rows.set(made.hash, {
      ...{ id: made.prefix, name: "bot", prefix: made.prefix, role: "admin" },
      ...{ accounts: null, strategies: null, symbols: null, max_notional: null },
      ...{ require_idempotency: false, expires_at: null, created_by: "test" },
      ...{ created_at: new Date(0), revoked_at: null, last_used_at: null },
    });
    return made;
  }

  keyByHash(hash: string): Promise<ApiKeyRow | null> {
    this.asked.lookups += 1;
    return Promise.resolve(this.#rows.get(hash) ?? null);
  }

  keys(): Promise<readonly ApiKeyRow[]> {
    this.asked.lists += 1;
    return Promise.resolve([...this.#rows.values()]);
  }

  createKey = () => Promise.resolve();
  revokeKey = () => Promise.resolve(true);
  touchKeys = () => Promise.resolve();
}

let clock: ManualClock;
let store: FakeStore;
let cache: KeyCache;
beforeEach(() => {
  clock = new ManualClock();
  store = new FakeStore();
  cache = new KeyCache(store, clock);
});

/** What becomes of so many keys that nobody made. */
function strangers(count: number, name = ""): Promise<readonly string[]> {
  const codes = Array.from({ length: count }, async () => {
    const { key } = makeKey();
    const error: unknown = await cache.sender(name + key.slice(name.length)).catch((e) => e);
    return (error as { code: string }).code;
  });
  return Promise.all(codes);
}

describe("strangers use up what is left for them", () => {
  it("and get no more than that, for one list a second", async () => {
    const codes = await strangers(PER_SECOND + 50);
    expect(codes.filter((code) => code === "unauthenticated")).toHaveLength(PER_SECOND);
    expect(codes.filter((code) => code === "rate_limited")).toHaveLength(50);
    expect(store.asked).toEqual({ lookups: PER_SECOND, lists: 1 });
  });

  it("and a key that was here before is known again, whenever it has to be looked up", async () => {
    const { key, prefix } = store.make();
    await cache.sender(key);
    for (let round = 0; round < ROUNDS; round += 1) {
      await clock.advance(REMEMBERED_MS);
      await strangers(PER_SECOND + 1);
      expect(await cache.sender(key)).toMatchObject({ actor: `key:${prefix}` });
    }
    expect(store.asked.lookups).toBe(1 + ROUNDS + ROUNDS * PER_SECOND);
  });

  it("and a key that comes for the first time is let in", async () => {
    const { key, prefix } = store.make();
    await strangers(PER_SECOND + 1);
    expect(store.asked.lists).toBe(1);
    expect(await cache.sender(key)).toMatchObject({ actor: `key:${prefix}` });
    const late = store.make();
    await expect(cache.sender(late.key)).rejects.toMatchObject({ code: "rate_limited" });
    await clock.advance(1_000);
    await strangers(PER_SECOND + 1);
    expect(await cache.sender(late.key)).toMatchObject({ actor: `key:${late.prefix}` });
  });

  it("and one that shows another's name takes from that name only", async () => {
    const [shown, other] = [store.make(), store.make()];
    await strangers(PER_SECOND);
    const codes = await strangers(20, nameOfKey(shown.key));
    expect(codes.filter((code) => code === "unauthenticated")).toHaveLength(5);
    expect(await cache.sender(other.key)).toMatchObject({ actor: `key:${other.prefix}` });
  });
});
