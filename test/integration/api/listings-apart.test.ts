// However many listings are under way, and however long they take: keys, signals, commands and the stop do
// not wait for them. A lock on what only listings read keeps every one of them open until it is let go.
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeKey } from "../../../src/api/auth/api-key.ts";
import type { Role } from "../../../src/app/sender.ts";
import { apiUnderTest, BASE, type ApiUnderTest } from "../../support/api.ts";

/** More than all connections of the API together. */
const LISTINGS = 40;
const SIGNAL = { symbol: "AAPL", side: "buy", qty: 1 };
/** What a viewer may ask for, and what reads as much as there is. */
const LONG = [
  ["GET", "/signals?page=20&size=500", undefined],
  ["GET", "/positions", undefined],
  ["POST", "/orders/preview", SIGNAL],
  ["GET", "/portfolio", undefined],
] as const;

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest({ auth: "keys" });
});
afterAll(() => api.drop());

async function newKey(role: Role): Promise<string> {
  const { key, prefix, hash } = makeKey();
  await api.api.operations.createKey({
    id: api.api.ids.next(),
    name: role,
    hash,
    prefix,
    role,
    accounts: null,
    strategies: null,
    symbols: null,
    max_notional: null,
    require_idempotency: false,
    expires_at: null,
    created_by: "test",
  });
  return key;
}

function send(key: string, method: string, path: string, body?: unknown) {
  return api.send(method, path, body, { "x-api-key": key });
}

/** Every listing waits until the lock is let go. */
async function holdListings(): Promise<() => Promise<void>> {
  const session = await api.store.hot.reserve();
  await session`BEGIN`;
  await session`LOCK TABLE decisions, position_states IN ACCESS EXCLUSIVE MODE`;
  return async () => {
    await session`COMMIT`;
    session.release();
  };
}

it("a key, a signal, a command and the stop pass while no listing is answered", async () => {
  const [viewer, trader] = [await newKey("viewer"), await newKey("trader")];
  expect((await send(viewer, "GET", `${BASE}/signals`)).status).toBe(200);
  const letGo = await holdListings();
  let answered = 0;
  const listings = Array.from({ length: LISTINGS }, async (_, index) => {
    const [method, path, body] = LONG[index % LONG.length] ?? LONG[0];
    const { status } = await send(viewer, method, `${BASE}${path}`, body);
    answered += 1;
    return status;
  });
  try {
    // The trader's key is looked up now for the first time.
    const stop = await send(trader, "PUT", `${BASE}/trading-state`, { state: "halted" });
    expect(stop.status).toBe(200);
    expect((await send(trader, "POST", `${BASE}/signal`, SIGNAL)).status).toBe(202);
    expect((await send(trader, "DELETE", `${BASE}/orders`)).status).toBe(202);
    expect((await send(trader, "GET", "/api/health/ready")).status).toBe(200);
    expect(answered).toBe(0);
  } finally {
    await letGo();
  }
  expect(new Set(await Promise.all(listings))).toEqual(new Set([200]));
});

it("a numbered page lies within the rows that are counted, and beyond them there is the cursor", async () => {
  const viewer = await newKey("viewer");
  for (const path of ["/signals", "/orders"]) {
    for (const beyond of ["page=21&size=500", "page=1000000&size=1", "page=201"]) {
      const { status, body } = await send(viewer, "GET", `${BASE}${path}?${beyond}`);
      expect([path, beyond, status, body["code"]]).toEqual([path, beyond, 422, "invalid_request"]);
      expect(body["detail"]).toContain("cursor");
    }
    const last = await send(viewer, "GET", `${BASE}${path}?page=20&size=500`);
    expect(last.status).toBe(200);
  }
});
