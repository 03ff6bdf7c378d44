// However many listings are under way, and however long they take: keys, signals, commands and the stop do
// not wait for them. A lock on what only listings read keeps every one of them open until it is let go.
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Role } from "../../../src/app/sender.ts";
import { apiUnderTest, BASE, type ApiUnderTest } from "../../support/api.ts";
import { newKey } from "../../support/keys.ts";

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

async function keyOf(role: Role, maxNotional: string | null = null): Promise<string> {
  return (await newKey(api, { role, max_notional: maxNotional })).key;
}

function send(key: string, method: string, path: string, body?: unknown) {
  return api.send(method, path, body, { "x-api-key": key });
}

/** Every listing that reads one of the tables waits until the lock is let go. */
async function hold(...tables: readonly string[]): Promise<() => Promise<void>> {
  const session = await api.store.hot.reserve();
  await session`BEGIN`;
  await session`LOCK TABLE ${session(tables)} IN ACCESS EXCLUSIVE MODE`;
  return async () => {
    await session`COMMIT`;
    session.release();
  };
}

it("a key, a signal, a command and the stop pass while no listing is answered", async () => {
  const [viewer, trader] = [await keyOf("viewer"), await keyOf("trader")];
  expect((await send(viewer, "GET", `${BASE}/signals`)).status).toBe(200);
  const letGo = await hold("decisions", "position_states");
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

it("neither does what a capped key's position is measured by", async () => {
  await api.store
    .queries`INSERT INTO marks (instrument_id, last, at) VALUES ('SIM:AAPL', 100, now())`;
  await api.store.queries`UPDATE configs SET value = 'active' WHERE key = 'trading_state'`;
  const [viewer, capped] = [await keyOf("viewer"), await keyOf("trader", "1000")];
  const letGo = await hold("decisions");
  let answered = 0;
  const listings = Array.from({ length: LISTINGS }, async () => {
    const { status } = await send(viewer, "GET", `${BASE}/signals?page=20&size=500`);
    answered += 1;
    return status;
  });
  try {
    const wish = { symbol: "AAPL", position: 5 };
    expect((await send(capped, "POST", `${BASE}/signal`, wish)).status).toBe(202);
    expect(answered).toBe(0);
  } finally {
    await letGo();
  }
  expect(new Set(await Promise.all(listings))).toEqual(new Set([200]));
});

it("a numbered page lies within the rows that are counted, and beyond them there is the cursor", async () => {
  const viewer = await keyOf("viewer");
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
