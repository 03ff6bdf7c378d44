// Alerts of TradingView: text or JSON, the secret in the path or the body, a repetition is one signal, a
// lost alert shows.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiUnderTest, PARTITIONS, type ApiUnderTest } from "../../support/api.ts";
import { newKey } from "../../support/keys.ts";
import { Decider } from "../../support/decide.ts";

let api: ApiUnderTest;
let decider: Decider;
let token = "";
const PATH = "/api/v1/webhooks/tradingview";
const ALERT = {
  ticker: "NASDAQ:AAPL",
  action: "buy",
  contracts: "2",
  price: "200.1",
  time: "2026-11-20T15:00:00Z",
  strategy: "breakout",
  interval: "5",
};

beforeAll(async () => {
  api = await apiUnderTest({ auth: "keys" });
  decider = new Decider(api.store, PARTITIONS);
  await decider.start();
  await decider.prepare("main", { "SIM:AAPL": "200" });
  token = await keyOf("trader");
});
afterAll(() => api.drop());

async function keyOf(role: string, at = api): Promise<string> {
  const bounds = { strategies: ["breakout"], max_notional: "1000", require_idempotency: true };
  return (await newKey(at, { ...bounds, name: "tv", role })).key;
}

const text = { "content-type": "text/plain; charset=utf-8" };

describe("an alert", () => {
  it("is a signal, also as plain text, and a repetition of the bar is the same one", async () => {
    const first = await api.send("POST", `${PATH}/${token}`, JSON.stringify(ALERT), text);
    expect(first.status).toBe(202);
    expect(first.body).toMatchObject({ symbol: "AAPL", idempotent: true, replayed: false });
    const again = await api.send("POST", `${PATH}/${token}`, ALERT);
    expect(again.body).toMatchObject({ id: first.body["id"], replayed: true });
    const next = await api.send("POST", `${PATH}/${token}`, { ...ALERT, time: "later" });
    expect(next.body["replayed"]).toBe(false);
  });

  it("may carry its secret in the body", async () => {
    const alert = { ...ALERT, secret: token, id: "by body" };
    const { status } = await api.send("POST", `${PATH}/-`, alert);
    expect(status).toBe(202);
  });

  it.each([
    ["no key", () => "nonsense", 401],
    ["a key of a viewer", () => keyOf("viewer"), 403],
  ])("with %s is refused", async (_, key, status) => {
    const answer = await api.send("POST", `${PATH}/${await key()}`, { ...ALERT, id: "x" });
    expect(answer.status).toBe(status);
  });

  it("keeps to its key's strategy and amount", async () => {
    const other = await api.send("POST", `${PATH}/${token}`, { ...ALERT, id: "o", strategy: "x" });
    expect(other.status).toBe(403);
    const large = await api.send("POST", `${PATH}/${token}`, { ...ALERT, id: "l", contracts: 6 });
    expect(large.body["code"]).toBe("exceeds_key_limit");
  });

  it("closes, or names the holding to end up with", async () => {
    const close = { ticker: "AAPL", action: "close", strategy: "breakout", id: "close" };
    const closed = await api.send("POST", `${PATH}/${token}`, close);
    const [row] = await api.store.queries`
      SELECT body FROM signals WHERE id = ${String(closed.body["id"])}`;
    expect(row?.["body"]).toMatchObject({ wish: { kind: "position", target: "0" } });
    const short = { ticker: "AAPL", market_position: "short", position_size: "3", id: "short" };
    const held = await api.send("POST", `${PATH}/${token}`, { ...short, strategy: "breakout" });
    const [other] = await api.store.queries`
      SELECT body, actor FROM signals WHERE id = ${String(held.body["id"])}`;
    expect(other?.["body"]).toMatchObject({ wish: { kind: "position", target: "-3" } });
    expect(other?.["actor"]).toMatch(/^tradingview:fs_/);
  });

  it("refuses what it does not know by name", async () => {
    const { status, text: said } = await api.send("POST", `${PATH}/${token}`, {
      ...ALERT,
      quantity: 1,
    });
    expect([status, said]).toEqual([422, expect.stringContaining("quantity")]);
  });

  it("shows that an alert was lost", async () => {
    await decider.decideAll();
    const believes = { ...ALERT, id: "gap", market_position: "long", position_size: "50" };
    await api.send("POST", `${PATH}/${token}`, believes);
    await expect
      .poll(() => api.store.queries`SELECT detail FROM audit_trail WHERE action = 'position_gap'`)
      .toMatchObject([{ detail: { believed: "50" } }]);
  });

  it("never shows its secret", () => {
    expect(api.logged()).not.toContain(token);
  });
});

it("alerts may be limited to addresses", async () => {
  const strict = await apiUnderTest({ tradingViewAddresses: ["52.89.214.238"] });
  const { status } = await strict.send("POST", `${PATH}/-`, ALERT);
  expect(status).toBe(403);
  await strict.drop();
});

it("an alert is counted by its key like any other request", async () => {
  // Nothing comes back into the bucket while the test runs.
  const rateLimit = { perSecond: 1e-6, burst: 3 };
  const counted = await apiUnderTest({ auth: "keys", rateLimit });
  try {
    const [key, other] = [await keyOf("trader", counted), await keyOf("viewer", counted)];
    const signal = { ...ALERT, contracts: "1" };
    await counted.store.queries`UPDATE api_keys SET max_notional = NULL`;
    const first = await counted.send("POST", `${PATH}/${key}`, signal);
    expect([first.status, first.headers.get("ratelimit")]).toEqual([
      202,
      expect.stringContaining("r=2"),
    ]);
    await counted.send("POST", `${PATH}/-`, { ...signal, secret: key, time: "later" });
    const headers = { "x-api-key": key };
    await counted.send("GET", "/api/v1/trading/orders", undefined, headers);
    const refused = await counted.send("POST", `${PATH}/${key}`, { ...signal, time: "last" });
    expect([refused.status, refused.body["code"]]).toEqual([429, "rate_limited"]);
    expect(refused.headers.get("retry-after")).not.toBeNull();
    const [row] = await counted.store.queries`SELECT count(*)::int AS count FROM signals`;
    expect(row?.["count"]).toBe(2);
    const others = await counted.send("GET", "/api/v1/trading/orders", undefined, {
      "x-api-key": other,
    });
    expect(others.status).toBe(200);
  } finally {
    await counted.drop();
  }
});
