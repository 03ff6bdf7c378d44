// Small promises at the door that people trip over: a body left out, every field named, limits that name
// something.
import { afterAll, beforeAll, expect, it } from "vitest";
import { apiUnderTest, BASE, type ApiUnderTest } from "../../support/api.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest();
});
afterAll(() => api.drop());

const JSON_TYPE = { "content-type": "application/json" };

it("a body that may be left out may be empty, whatever the headers say", async () => {
  for (const body of [undefined, ""]) {
    const close = await api.send("POST", `${BASE}/positions/AAPL/close`, body, JSON_TYPE);
    expect(close.status).toBe(202);
    expect((await api.send("POST", `${BASE}/flatten`, body, JSON_TYPE)).status).toBe(202);
  }
  const text = { "content-type": "text/plain" };
  expect((await api.send("POST", `${BASE}/flatten`, "{}", text)).status).toBe(415);
});

it("a listing names every parameter that is wrong", async () => {
  const { status, body } = await api.send("GET", `${BASE}/orders?status=bogus&page=0&foo=1`);
  expect(status).toBe(422);
  const fields = (body["errors"] as { field: string }[]).map(({ field }) => field);
  expect(fields.toSorted()).toEqual(["foo", "page", "status"]);
});

it("an override is for what is there, under its own name", async () => {
  const limit = { key: "max_order_qty_crypto", value: 1 };
  const put = (more: object) => api.send("PUT", `${BASE}/limits`, { ...limit, ...more });
  const unknown = await put({ symbol: "NOPE" });
  expect([unknown.status, unknown.body["code"]]).toEqual([422, "unknown_symbol"]);
  const nobody = await put({ account: "nobody" });
  expect([nobody.status, nobody.body["code"]]).toEqual([422, "unknown_account"]);
  const known = await put({ symbol: "btc-usd" });
  expect(known.body["overrides"]).toMatchObject([{ symbol: "BTC/USD", value: "1", warning: null }]);
});

it("an override for a strategy that nobody has named says so until somebody does", async () => {
  const put = () =>
    api.send("PUT", `${BASE}/limits`, { key: "max_positions", value: 1, strategy: "momentun" });
  const overrides = [{ strategy: "momentun", warning: "no signal has named this strategy yet" }];
  expect((await put()).body).toMatchObject({ overrides });
  const signal = { symbol: "AAPL", side: "buy", qty: 1, strategy: "momentun" };
  expect((await api.send("POST", `${BASE}/signal`, signal)).status).toBe(202);
  expect((await put()).body).toMatchObject({ overrides: [{ warning: null }] });
});

it("health says in one word how it is, without a key", async () => {
  const { status, body } = await api.send("GET", "/api/health");
  expect([status, body]).toEqual([
    200,
    {
      status: "down",
      database: "connected",
      redis: "connected",
      execution_engine_status: "stopped",
    },
  ]);
});
