// What became of it: the ledger, orders, positions, the preview beside the decision, the stream.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import {
  asId,
  type AccountId,
  type BrokerOrderId,
  type BrokerReference,
  type ExecutionId,
} from "../../../src/domain/ids.ts";
import { apiUnderTest, BASE, PARTITIONS, type ApiUnderTest } from "../../support/api.ts";
import { Decider } from "../../support/decide.ts";
import { eventually } from "../../support/real-clock.ts";

let api: ApiUnderTest;
let decider: Decider;
beforeAll(async () => {
  api = await apiUnderTest();
  decider = new Decider(api.store, PARTITIONS);
  await decider.start();
  await decider.prepare("main", {
    "SIM:AAPL": "200",
    "SIM:MSFT": "400",
    "CRYPTO:BTC/USD": "60000",
  });
});
afterAll(() => api.drop());

async function decided(signal: Readonly<Record<string, unknown>>) {
  const { body } = await api.send("POST", `${BASE}/signal`, signal);
  await decider.decideAll();
  const ledger = await api.send("GET", String(body["url"]));
  return ledger.body;
}

interface OrderAnswer {
  readonly id: string;
  readonly reference: string;
  readonly status: string;
}

async function fill(order: OrderAnswer, qty: string, price: string): Promise<void> {
  const head = {
    accountId: asId<AccountId>("main"),
    brokerOrderId: asId<BrokerOrderId>(`broker ${order.id}`),
    reference: asId<BrokerReference>(order.reference),
    at: Date.now(),
    snapshot: null,
  };
  await decider.report("main", { kind: "accepted", ...head });
  await decider.report("main", {
    kind: "executed",
    ...head,
    execution: {
      id: asId<ExecutionId>(`fill of ${order.id}`),
      brokerOrderId: head.brokerOrderId,
      quantity: Decimal.of(qty),
      price: Decimal.of(price),
      cumulativeQuantity: Decimal.of(qty),
      fee: Decimal.ZERO,
      feeInAsset: Decimal.ZERO,
      executedAt: Date.now(),
      source: "stream",
    },
  });
}

describe("a signal that trades", () => {
  let ledger: Record<string, unknown>;
  let order: OrderAnswer;
  beforeAll(async () => {
    ledger = await decided({
      symbol: "AAPL",
      side: "buy",
      qty: 10,
      strategy: "one",
      reason: "why",
    });
    [order] = ledger["orders"] as [OrderAnswer];
    await fill(order, "10", "200.5");
    ledger = (await api.send("GET", `${BASE}/signals/${String(ledger["id"])}`)).body;
  });

  it("shows the same verdicts to SQL, whole", async () => {
    const [row] = await api.store.queries<{ verdicts: unknown[] }[]>`
      SELECT verdicts FROM signal_ledger WHERE id = ${String(ledger["id"])}`;
    expect(row?.verdicts).toEqual(ledger["verdicts"]);
    expect(row?.verdicts.length).toBeGreaterThan(20);
  });

  it("has a ledger from receipt to fill, with every verdict and one sentence", () => {
    expect(ledger).toMatchObject({
      outcome: "ordered",
      reason: "why",
      strategy: "one",
      mark: { last: "200" },
    });
    for (const when of ["decided_at", "sent_at", "acknowledged_at", "filled_at"]) {
      expect(ledger[when]).toEqual(expect.any(String));
    }
    expect(ledger["summary"]).toMatch(
      /^Buy 10 AAPL at the market was filled: 10 at 200.5 on average/,
    );
    const verdicts = ledger["verdicts"] as { rule: string; head: string | null }[];
    expect(verdicts.find(({ rule }) => rule === "max_position_size_usd")?.head).toBe("8000");
    const types = (ledger["history"] as { type: string }[]).map(({ type }) => type);
    expect(types).toEqual([
      "signal_decided",
      "order_placed",
      "order_submitted",
      "order_accepted",
      "order_executed",
    ]);
  });

  it("shows the order with its executions", async () => {
    const { body } = await api.send("GET", `${BASE}/orders/${order.id}`);
    expect(body).toMatchObject({
      status: "filled",
      filled_qty: "10",
      filled_price: "200.5",
      executions: [{ qty: "10", price: "200.5" }],
      reason: "why",
    });
  });

  it("lists it with its executions where they are asked for", async () => {
    const plain = await api.send("GET", `${BASE}/orders`);
    expect((plain.body["data"] as object[])[0]).not.toHaveProperty("executions");
    const { body } = await api.send("GET", `${BASE}/orders?executions=true`);
    expect(body["data"]).toMatchObject([
      { id: order.id, executions: [{ order_id: order.id, qty: "10", price: "200.5" }] },
    ]);
  });

  it("lists it by every filter, and nowhere else", async () => {
    const right = ["status=filled", "symbol=aapl", "side=buy", "account=main", "strategy=one"];
    right.push(`signal_id=${String(ledger["id"])}`, "from=2020-01-01T00:00:00Z");
    for (const filter of right) {
      const { body } = await api.send("GET", `${BASE}/orders?${filter}`);
      expect([filter, (body["data"] as OrderAnswer[]).map(({ id }) => id)]).toEqual([
        filter,
        [order.id],
      ]);
    }
    const wrong = ["status=open", "symbol=MSFT", "side=sell", "strategy=two"];
    wrong.push("to=2020-01-01T00:00:00Z", `signal_id=${order.id.slice(0, -2)}99`);
    for (const filter of wrong) {
      const { body } = await api.send("GET", `${BASE}/orders?${filter}`);
      expect([filter, body["data"]]).toEqual([filter, []]);
    }
  });

  it("moves the position, net and of the strategy, with its share of the limit", async () => {
    const net = await api.send("GET", `${BASE}/positions`);
    expect(net.body["data"]).toMatchObject([
      {
        symbol: "AAPL",
        qty: "10",
        side: "long",
        avg_price: "200.5",
        last_price: "200",
        market_value: "2000",
        unrealized_pnl: "-5",
        strategy: null,
        max_position_size_usd: { limit: "10000", used: "2000", used_percent: "20" },
      },
    ]);
    const shares = await api.send("GET", `${BASE}/positions?by=strategy`);
    expect(shares.body["data"]).toMatchObject([{ strategy: "one", qty: "10" }]);
    const one = await api.send("GET", `${BASE}/positions/aapl`);
    expect(one.body).toMatchObject({ qty: "10" });
    const history = await api.send("GET", `${BASE}/positions/AAPL/history`);
    expect(history.body["data"]).toMatchObject([{ qty: "10", avg_price: "200.5" }]);
    const never = await api.send("GET", `${BASE}/positions/BTC-USD`);
    expect(never.status).toBe(404);
  });

  it("is worth what the broker said, with sums per currency", async () => {
    const { body } = await api.send("GET", `${BASE}/portfolio`);
    expect(body["data"]).toMatchObject([
      {
        id: "main",
        equity: "100000",
        trading_state: "active",
        positions: [{ currency: "USD", market_value: "2000", open_positions: 1, unpriced: 0 }],
      },
    ]);
    const power = await api.send("GET", `${BASE}/portfolio/buying-power`);
    expect(power.body["data"]).toMatchObject([{ buying_power: "200000", available: "200000" }]);
    const past = await api.send("GET", `${BASE}/portfolio/history`);
    expect(past.status).toBe(200);
  });
});

describe("a preview", () => {
  it("says what the decision that follows says", async () => {
    const signals = [
      { symbol: "MSFT", side: "buy", qty: 5 },
      { symbol: "MSFT", side: "buy", qty: 60 },
      { symbol: "MSFT", side: "sell", qty: 1 },
      { symbol: "MSFT", position: 3 },
      { symbol: "BTC/USD", side: "buy", notional: 500 },
      { symbol: "AAPL", side: "sell", qty: 4, limit_price: 210 },
    ];
    for (const signal of signals) {
      const preview = await api.send("POST", `${BASE}/orders/preview`, signal);
      const decision = await decided(signal);
      const { outcome, reject_code: code, error_message: message } = preview.body;
      expect([signal, outcome, code, message]).toEqual([
        signal,
        decision["outcome"],
        decision["reject_code"],
        decision["error_message"],
      ]);
      const results = (verdicts: unknown) =>
        (verdicts as { rule: string; result: string }[]).map(({ rule, result }) => [rule, result]);
      expect(results(preview.body["verdicts"])).toEqual(results(decision["verdicts"]));
    }
  });

  it("leaves no trace", async () => {
    const count = () => api.store.queries`SELECT count(*) FROM signals`;
    const before = await count();
    await api.send("POST", `${BASE}/orders/preview`, { symbol: "AAPL", side: "buy", qty: 1 });
    expect(await count()).toEqual(before);
  });
});

describe("changes", () => {
  it("a cancel reaches the order and says so", async () => {
    const ledger = await decided({ symbol: "MSFT", side: "buy", qty: 1, limit_price: 390 });
    const [order] = ledger["orders"] as [OrderAnswer];
    const { status, body } = await api.send("DELETE", `${BASE}/orders/${order.id}`);
    expect(status).toBe(202);
    await decider.decideAll();
    const outcome = await api.send("GET", String(body["url"]));
    expect(outcome.body).toMatchObject({ result: "done", code: "cancelled" });
  });

  it("a closed order is not cancelled again", async () => {
    const { body } = await api.send("GET", `${BASE}/orders?status=filled`);
    const [order] = body["data"] as [OrderAnswer];
    const { status, body: problem } = await api.send("DELETE", `${BASE}/orders/${order.id}`);
    expect([status, problem["code"]]).toEqual([409, "already_closed"]);
  });

  it("each change is a command of its account", async () => {
    const asked = [
      ["PATCH", `${BASE}/orders/${await anOpenOrder()}`, { limit_price: 391 }],
      ["DELETE", `${BASE}/orders?symbol=MSFT`, undefined],
      ["POST", `${BASE}/positions/AAPL/close`, { qty: 1 }],
      ["POST", `${BASE}/flatten`, {}],
      ["POST", `${BASE}/reconciliation/run`, {}],
      ["POST", `${BASE}/reconciliation/adjust`, { symbol: "AAPL", qty: -1, reason: "gift" }],
      ["POST", `${BASE}/reconciliation/positions/adopt`, { symbol: "AAPL", reason: "ours" }],
      ["POST", `${BASE}/reconciliation/positions/ignore`, { symbol: "AAPL", qty: 3, reason: "no" }],
      ["POST", `${BASE}/reconciliation/cash/accept`, { reason: "a fee" }],
      ["POST", `${BASE}/reconciliation/unfreeze`, { symbol: "AAPL", reason: "looked" }],
      ["POST", `${BASE}/accounts/main/reset-loss-limit`, { reason: "looked" }],
    ] as const;
    for (const [method, path, body] of asked) {
      const { status } = await api.send(method, path, body);
      expect([method, path, status]).toEqual([method, path, 202]);
    }
    await decider.decideAll();
    const rows = await api.store.queries`SELECT kind, result FROM commands WHERE result IS NULL`;
    expect(rows).toEqual([]);
  });

  it("an adoption of another quantity than differs is refused", async () => {
    const said = { symbol: "AAPL", qty: 7, reason: "seen before" };
    const { status, body } = await api.send("POST", `${BASE}/reconciliation/positions/adopt`, said);
    expect([status, body["code"]]).toEqual([409, "difference_changed"]);
    expect(body["detail"]).toContain("3 of ");
  });

  async function anOpenOrder(): Promise<string> {
    const ledger = await decided({ symbol: "MSFT", side: "buy", qty: 1, limit_price: 390 });
    const [order] = ledger["orders"] as [OrderAnswer];
    return order.id;
  }

  it("the inbox and the letters are there, with what was left to others and nothing else", async () => {
    const inbox = await api.send("GET", `${BASE}/reconciliation`);
    expect(inbox.body).toMatchObject({
      ...{ external_orders: [], parked_facts: [], cash_differences: [] },
      // What a person said above: it is no difference, and it is remembered.
      external_positions: [{ account: "main", symbol: "AAPL", qty: "3", ignored: true }],
    });
    const letters = await api.send("GET", `${BASE}/dead-letters`);
    expect(letters.body["data"]).toEqual([]);
  });

  it("a dead letter is tried again once", async () => {
    const id = api.api.ids.next();
    const body = JSON.stringify({ symbol: "AAPL", side: "buy", qty: "1" });
    await api.store.queries`
      INSERT INTO dead_letters (id, source, entry, body, code, reason, created_at)
      VALUES (${id}, 'trade_signals', '1-0', ${body}, 'unknown_account', 'no account', now())`;
    const again = await api.send("POST", `${BASE}/dead-letters/${id}/requeue`);
    expect(again.status).toBe(202);
    const twice = await api.send("POST", `${BASE}/dead-letters/${id}/requeue`);
    expect(twice.status).toBe(409);
    const signal = await api.send("GET", String(again.body["url"]));
    expect(signal.body).toMatchObject({ symbol: "AAPL", outcome: null });
  });
});

describe("the log", () => {
  it("is read as pages without a gap", async () => {
    const seen: string[] = [];
    let after = "";
    for (;;) {
      const { body } = await api.send("GET", `${BASE}/events?limit=7&after=${after}`);
      const data = body["data"] as { id: string }[];
      if (data.length === 0) break;
      seen.push(...data.map(({ id }) => id));
      after = String(body["next_cursor"]);
    }
    const rows = await api.store.queries`SELECT partition || '.' || seq AS id FROM order_events`;
    expect(new Set(seen)).toEqual(new Set(rows.map((row) => row["id"] as string)));
    expect(seen).toHaveLength(rows.length);
  });

  it("streams on from the last id that a reader saw", async () => {
    const first = await listen("");
    await decided({ symbol: "AAPL", side: "buy", qty: 1 });
    await eventually(() => first.text().includes("event: signal"), "the signal is streamed");
    const ids = first.ids();
    first.stop();
    await decided({ symbol: "AAPL", side: "buy", qty: 1 });
    const last = ids.at(-1) ?? "";
    const second = await listen(last);
    await eventually(() => second.text().includes("event: signal"), "what was missed comes");
    const events = (text: string) => [...text.matchAll(/"id":"(\d+\.\d+)"/g)].map(([, id]) => id);
    const both = [...events(first.text()), ...events(second.text())];
    expect(new Set(both).size).toBe(both.length);
    const from = Number(events(first.text())[0]?.split(".")[1]);
    expect(both).toEqual(both.map((_, index) => `${both[0]?.split(".")[0]}.${from + index}`));
    second.stop();
  });

  it("says so when the reader comes from another database", async () => {
    const reader = await listen("0.999999");
    await eventually(() => reader.text().includes("event: reset"), "the reader is told");
    reader.stop();
  });

  async function listen(last: string) {
    const stop = new AbortController();
    const response = await api.app.request(`${BASE}/stream?topics=signal,order`, {
      headers: { host: "localhost", ...(last === "" ? {} : { "last-event-id": last }) },
      signal: stop.signal,
    });
    expect(response.status).toBe(200);
    let text = "";
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    void (async () => {
      for (;;) {
        const chunk = await reader?.read().catch(() => undefined);
        if (chunk?.value === undefined) return;
        text += chunk.value;
      }
    })();
    return {
      text: () => text,
      ids: () => [...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id ?? ""),
      stop: () => stop.abort(),
    };
  }
});

describe("the house", () => {
  it("tells of itself in detail, with what is wrong in sentences", async () => {
    await decider.hold();
    await sleep(1_100);
    const { body } = await api.send("GET", "/api/health/detailed");
    expect(body).toMatchObject({ mode: "mock", trading_state: "active" });
    expect(body["execution_engine_status"]).toBe("running");
    expect(body["limits_off"]).toContain("max_concentration_percent");
    expect(body["limits_off"]).not.toContain("max_position_size_usd");
  });

  it("counts decisions and stages from scrape to scrape", async () => {
    await api.send("GET", "/metrics");
    await decided({ symbol: "MSFT", side: "buy", qty: 10_000 });
    await sleep(1_100);
    const { text, headers } = await api.send("GET", "/metrics");
    expect(headers.get("content-type")).toContain("text/plain");
    expect(text).toContain(
      'fillstream_decisions_total{outcome="rejected",code="max_order_qty_stock"} 1',
    );
    expect(text).toContain('fillstream_stage_duration_seconds_count{stage="decide"} 1');
    expect(text).toContain('fillstream_trading_state{state="active"} 1');
    expect(text).toMatch(/fillstream_http_requests_total\{route="sendSignal",class="2xx"\} \d+/);
  });
});
