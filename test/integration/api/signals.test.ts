// The way in: accepted when durable, refused by name, never twice.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addAccount, apiUnderTest, BASE, type ApiUnderTest } from "../../support/api.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest();
});
afterAll(() => api.drop());

const SIGNAL = { symbol: "AAPL", side: "buy", qty: 10, reason: "Technical breakout" };

describe("POST /signal", () => {
  it("answers 202 with an id and an address once the signal is durable", async () => {
    const { status, body, headers } = await api.send("POST", `${BASE}/signal`, SIGNAL);
    expect(status).toBe(202);
    expect(body).toMatchObject({
      status: "received",
      account: "main",
      symbol: "AAPL",
      idempotent: false,
      replayed: false,
      url: `${BASE}/signals/${String(body["id"])}`,
    });
    expect(headers.get("location")).toBe(body["url"]);
    const [row] = await api.store
      .queries`SELECT body FROM signals WHERE id = ${String(body["id"])}`;
    expect(row?.["body"]).toMatchObject({ instrumentId: "SIM:AAPL", actor: "local" });
    expect(api.published.at(-1)?.body).toContain(String(body["id"]));
  });

  it("keeps every digit of a number", async () => {
    const text = '{"symbol":"BTC/USD","side":"sell","qty":123456789012.123456789}';
    const { body } = await api.send("POST", `${BASE}/signal`, text);
    const ledger = await api.send("GET", String(body["url"]));
    expect(ledger.body["request"]).toMatchObject({ side: "sell", qty: "123456789012.123456789" });
  });

  it("takes the symbol as people write it", async () => {
    const { status, body } = await api.send("POST", `${BASE}/signal`, {
      symbol: "BTCUSDT",
      side: "SELL",
      qty: "0.1",
    });
    expect(status).toBe(202);
    expect(body["symbol"]).toBe("BTC/USD");
  });

  it("refuses an unknown field by name and says what was meant", async () => {
    const { status, body } = await api.send("POST", `${BASE}/signal`, { ...SIGNAL, limt_price: 1 });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      code: "invalid_request",
      errors: [
        {
          field: "limt_price",
          message: "is not a field of this request; did you mean limit_price?",
        },
      ],
    });
  });

  it("names every field that is wrong", async () => {
    const { body } = await api.send("POST", `${BASE}/signal`, {
      symbol: "",
      side: "up",
      qty: -1,
      extended_hours: "yes",
    });
    expect(body["errors"]).toHaveLength(4);
  });

  it("refuses unknown accounts and symbols at the door", async () => {
    const account = await api.send("POST", `${BASE}/signal`, { ...SIGNAL, account: "nobody" });
    expect([account.status, account.body["code"]]).toEqual([422, "unknown_account"]);
    const symbol = await api.send("POST", `${BASE}/signal`, { ...SIGNAL, symbol: "NOPE" });
    expect([symbol.status, symbol.body["code"]]).toEqual([422, "unknown_symbol"]);
  });

  it("gives the first answer again for the same key and body", async () => {
    const headers = { "idempotency-key": "one" };
    const first = await api.send("POST", `${BASE}/signal`, SIGNAL, headers);
    const again = await api.send("POST", `${BASE}/signal`, { ...SIGNAL, qty: "10.0" }, headers);
    expect(first.body).toMatchObject({ idempotent: true, replayed: false });
    expect(again.status).toBe(202);
    expect(again.body).toMatchObject({ id: first.body["id"], idempotent: true, replayed: true });
    expect(again.headers.get("idempotency-replayed")).toBe("true");
  });

  it("refuses the same key with another body and names the field that differs", async () => {
    const headers = { "idempotency-key": "two" };
    await api.send("POST", `${BASE}/signal`, SIGNAL, headers);
    const other = await api.send("POST", `${BASE}/signal`, { ...SIGNAL, qty: 11 }, headers);
    expect(other.status).toBe(422);
    expect(other.body).toMatchObject({
      code: "idempotency_mismatch",
      errors: [{ field: "qty" }],
    });
  });

  it("makes one signal of fifty that come at once with one name", async () => {
    const named = { ...SIGNAL, client_signal_id: "breakout-1" };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => api.send("POST", `${BASE}/signal`, named)),
    );
    expect(new Set(answers.map(({ body }) => body["id"])).size).toBe(1);
    expect(answers.filter(({ body }) => body["replayed"] === false)).toHaveLength(1);
  });

  it("answers 409 with Retry-After while the first with the same key is still being stored", async () => {
    const headers = { "idempotency-key": "slow" };
    // Whoever accepts waits for the counters: the first request is under way as long as we hold them.
    let letGo: () => void = () => undefined;
    const isHeld = new Promise<void>((resolve, reject) => {
      api.store.queries
        .begin(async (transaction) => {
          await transaction`SELECT FROM acceptance_counters FOR UPDATE`;
          resolve();
          await new Promise<void>((done) => {
            letGo = done;
          });
        })
        .catch(reject);
    });
    await isHeld;
    const first = api.send("POST", `${BASE}/signal`, SIGNAL, headers);
    const second = await api.send("POST", `${BASE}/signal`, SIGNAL, headers);
    expect([second.status, second.body["code"]]).toEqual([409, "in_progress"]);
    expect(second.headers.get("retry-after")).toBe("1");
    letGo();
    const { status, body } = await first;
    expect([status, body["replayed"]]).toEqual([202, false]);
    const third = await api.send("POST", `${BASE}/signal`, SIGNAL, headers);
    expect(third.body).toMatchObject({ id: body["id"], replayed: true });
  });

  it("refuses a body that is no JSON, and one that says it is something else", async () => {
    const broken = await api.send("POST", `${BASE}/signal`, '{"symbol":');
    expect([broken.status, broken.body["code"]]).toEqual([400, "malformed_request"]);
    const form = await api.send("POST", `${BASE}/signal`, "symbol=AAPL", {
      "content-type": "application/x-www-form-urlencoded",
    });
    expect(form.status).toBe(415);
  });
});

describe("POST /signals", () => {
  it("gives each signal its own outcome", async () => {
    const { status, body } = await api.send("POST", `${BASE}/signals`, {
      signals: [SIGNAL, { ...SIGNAL, symbol: "NOPE" }, { ...SIGNAL, side: "sell" }],
    });
    expect(status).toBe(207);
    expect(body).toMatchObject({
      accepted: 2,
      refused: 1,
      data: [
        { status: "received" },
        { problem: { code: "unknown_symbol", errors: [{ field: "signals[1].symbol" }] } },
        { status: "received" },
      ],
    });
  });

  it("decides them in the order given", async () => {
    const signals = Array.from({ length: 100 }, (_, index) => ({ ...SIGNAL, qty: index + 1 }));
    const { body } = await api.send("POST", `${BASE}/signals`, { signals });
    const ids = (body["data"] as { id: string }[]).map(({ id }) => id);
    const rows = await api.store.queries`
      SELECT id FROM signals WHERE id = ANY (${ids}::uuid[]) ORDER BY number`;
    expect(rows.map((row) => row["id"] as string)).toEqual(ids);
  });
});

describe("GET /signals", () => {
  it("pages through all of them without a gap", async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const at: string = cursor === null ? "" : `&cursor=${cursor}`;
      const { status, body } = await api.send("GET", `${BASE}/signals?limit=7${at}`);
      expect(status).toBe(200);
      seen.push(...(body["data"] as { id: string }[]).map(({ id }) => id));
      cursor = body["next_cursor"] as string | null;
    } while (cursor !== null);
    const [row] = await api.store.queries`SELECT count(*)::int AS count FROM signals`;
    expect(seen).toHaveLength(row?.["count"] as number);
    expect(seen).toEqual(seen.toSorted().toReversed());
  });

  it("counts numbered pages", async () => {
    const { body } = await api.send("GET", `${BASE}/signals?page=1&size=5&symbol=btc-usd`);
    expect(body).toMatchObject({ page: 1, size: 5, total: 2, total_is_exact: true });
  });
});

describe("DELETE /signals/:id", () => {
  it("takes back what is not decided", async () => {
    const { body } = await api.send("POST", `${BASE}/signal`, SIGNAL);
    const taken = await api.send("DELETE", `${BASE}/signals/${String(body["id"])}`);
    expect(taken.status).toBe(202);
    expect(taken.body).toMatchObject({ kind: "take_back_signal", account: "main" });
    const command = await api.send("GET", String(taken.body["url"]));
    expect(command.body).toMatchObject({ result: null, request: { signal_id: body["id"] } });
  });
});

describe("the switch", () => {
  it("stops with the commit and says what it does", async () => {
    const { status, body } = await api.send("PUT", `${BASE}/trading-state`, {
      state: "reducing",
      cancel_orders: true,
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: "reducing", on_its_way: [], resting: [] });
    const state = await api.send("GET", `${BASE}/trading-state`);
    expect(state.body).toMatchObject({ state: "reducing" });
    const refused = await api.send("PUT", `${BASE}/trading-state`, { state: "active" });
    expect(refused.status).toBe(422);
    const resumed = await api.send("PUT", `${BASE}/trading-state`, {
      state: "active",
      reason: "checked the book",
    });
    expect(resumed.status).toBe(200);
  });
});

describe("limits", () => {
  it("refuses a value with the database's own sentence", async () => {
    const { status, body } = await api.send("PUT", `${BASE}/limits`, {
      key: "max_position_size_usd",
      value: "lots",
    });
    expect(status).toBe(422);
    expect(body["detail"]).toContain("'lots' is no value for max_position_size_usd");
  });

  it("changes a limit and keeps who did", async () => {
    const { status, body } = await api.send("PUT", `${BASE}/limits`, {
      key: "max_position_size_usd",
      value: 20000,
      reason: "bigger",
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ value: "20000", updated_by: "local", reason: "bigger" });
    const history = await api.send("GET", `${BASE}/limits/history?key=max_position_size_usd`);
    expect(history.body["data"]).toMatchObject([{ old_value: "10000", new_value: "20000" }]);
  });
});

it("asks for the account once there are two", async () => {
  await addAccount(api.store, "second");
  await api.api.world.refresh();
  const { status, body } = await api.send("POST", `${BASE}/signal`, SIGNAL);
  expect([status, body["code"]]).toEqual([422, "unknown_account"]);
  expect(body["detail"]).toContain("main, second");
});

it("health and readings answer", async () => {
  for (const path of [
    "/api/health/live",
    "/api/health/ready",
    `${BASE}/orders`,
    `${BASE}/positions`,
    `${BASE}/accounts`,
    `${BASE}/limits`,
    `${BASE}/session?venue=XNYS`,
  ]) {
    const { status, text } = await api.send("GET", path);
    expect([path, status, text.slice(0, 200)]).toEqual([path, 200, expect.any(String)]);
  }
});
