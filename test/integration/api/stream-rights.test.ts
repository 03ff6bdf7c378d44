// A stream lasts no longer than what opened it: the key, until it is revoked or over, or the token.
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KeyCache } from "../../../src/api/auth/key-cache.ts";
import { apiUnderTest, BASE, type ApiUnderTest } from "../../support/api.ts";
import { newKey } from "../../support/keys.ts";
import { realClock } from "../../support/real-clock.ts";

const secret = "a secret of at least thirty-two bytes";
/** What is remembered of a key, and the time between two looks, some times over. */
const SECONDS = { timeout: 30_000 };

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest({
    auth: "keys",
    jwt: { key: { secret }, issuer: null, audience: null },
  });
});
afterAll(() => api.drop());

const readerKey = (expires: Date | null = null) =>
  newKey(api, { role: "viewer", expires_at: expires });

/** Tells when the stream is over; it says hello first. */
async function listen(secretOfReader: string): Promise<() => boolean> {
  const response = await api.app.request(`${BASE}/stream`, {
    headers: { host: "localhost", authorization: `Bearer ${secretOfReader}` },
  });
  expect(response.status).toBe(200);
  let isOver = false;
  const reader = response.body?.getReader();
  void (async () => {
    for (;;) {
      const chunk = await reader?.read().catch(() => undefined);
      if (chunk?.value === undefined) break;
    }
    isOver = true;
  })();
  return () => isOver;
}

describe("a stream ends", () => {
  it("when its key is revoked, and no other does", { timeout: 60_000 }, async () => {
    const [one, other] = [await readerKey(), await readerKey()];
    const [isOver, isOtherOver] = [await listen(one.key), await listen(other.key)];
    expect(await api.api.operations.revokeKey(one.id, "test")).toBe(true);
    await expect.poll(isOver, SECONDS).toBe(true);
    expect(isOtherOver()).toBe(false);
    expect(api.api.hub.readers.size).toBe(1);
  });

  it("when its key or its token runs out", { timeout: 60_000 }, async () => {
    const soon = new Date(realClock.now() + 1_000);
    const { key } = await readerKey(soon);
    // Its clock is trusted to some seconds.
    const token = await new SignJWT({ role: "viewer" })
      .setProtectedHeader({ alg: "HS256" })
      .setSubject("ann")
      .setExpirationTime(soon)
      .sign(new TextEncoder().encode(secret));
    const [isKeyOver, isTokenOver] = [await listen(key), await listen(token)];
    await expect.poll(isKeyOver, SECONDS).toBe(true);
    await expect.poll(isTokenOver, SECONDS).toBe(true);
  });
});

it("all readers of one key cost one lookup", async () => {
  const { key } = await readerKey();
  let lookups = 0;
  const { operations } = api.api;
  const counting = {
    keys: () => operations.keys(),
    createKey: operations.createKey.bind(operations),
    revokeKey: operations.revokeKey.bind(operations),
    touchKeys: () => Promise.resolve(),
    keyByHash(hash: string) {
      lookups += 1;
      return operations.keyByHash(hash);
    },
  };
  const cache = new KeyCache(counting, realClock);
  await Promise.all(Array.from({ length: 50 }, () => cache.sender(key)));
  expect(lookups).toBe(1);
});
