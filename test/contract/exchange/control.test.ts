// The control interface: prices, time, sessions, settings, the ledger.
import { afterEach, beforeEach, expect, test } from "vitest";
import { CONTROL_ROUTES } from "../../../src/exchange/control/routes.ts";
import type { Lab } from "./lab.ts";
import { openLab } from "./lab.ts";
import { LIMIT, MARKET, PRICES } from "./wire-case.ts";

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
  await lab.control("POST", "/prices", PRICES);
});
afterEach(() => lab.stop());

const lastOf = async (symbol: string): Promise<unknown> => {
  const { body } = await lab.control("GET", "/prices");
  return (body.prices as Record<string, { last: string }>)[symbol]?.last;
};

test("the interface lists itself", async () => {
  const { body } = await lab.control("GET", "");
  expect(body).toHaveLength(CONTROL_ROUTES.length);
});

test("prices are set exactly, moved, frozen and let go", async () => {
  await lab.control("POST", "/prices", { AAPL: "199.99" });
  expect(await lastOf("AAPL")).toBe("199.99");
  await lab.control("POST", "/prices/move", { symbols: ["AAPL"], percent: -10 });
  expect(await lastOf("AAPL")).toBe("179.99");
  await lab.control("POST", "/prices/tick", { count: 50 });
  expect(await lastOf("AAPL")).toBe("179.99");
  await lab.control("POST", "/prices/freeze", { symbols: ["AAPL"], frozen: false });
  await lab.control("POST", "/prices/tick", { count: 500 });
  expect(await lastOf("AAPL")).not.toBe("179.99");
});

test("a quote set by hand is held as it is, crossed or wide, until it is let go", async () => {
  const crossed = { bid: "200", ask: "190", last: "195.5" };
  const shown = async () => {
    const { body } = await lab.control("GET", "/prices");
    return (body.prices as Record<string, unknown>)["AAPL"];
  };
  await lab.control("POST", "/prices", { AAPL: crossed });
  await lab.control("POST", "/prices/tick", { count: 3 });
  expect(await shown()).toMatchObject({ ...crossed, frozen: true });
  await lab.control("POST", "/prices/freeze", { symbols: ["AAPL"], frozen: false });
  await lab.control("POST", "/prices/tick", {});
  const { bid, ask } = (await shown()) as { bid: string; ask: string };
  expect(Number(bid)).toBeLessThan(Number(ask));
  // Frozen later, the price of that moment is held, not the quote of before.
  await lab.control("POST", "/prices/freeze", { symbols: ["AAPL"], frozen: true });
  await lab.control("POST", "/prices/tick", {});
  const { bid: after } = (await shown()) as { bid: string };
  expect(Number(after)).toBeLessThan(199);
});

test("a price set by hand trades at once with what waits for it", async () => {
  const { body } = await lab.call("POST", "/v2/orders", LIMIT);
  await lab.control("POST", "/prices", { AAPL: { bid: "189.98", ask: "190" } });
  expect((await lab.call("GET", `/v2/orders/${String(body.id)}`)).body.status).toBe("filled");
});

test("recorded prices are played at their pace", async () => {
  const rows = [
    "time,symbol,price,bid,ask",
    "2026-01-05T15:00:00Z,AAPL,210,209.99,210.01",
    "2026-01-05T15:00:10Z,AAPL,211",
    "2026-01-05T15:01:00Z,AAPL,212",
  ];
  const started = await lab.control("POST", "/prices/replay", { csv: rows.join("\n") });
  expect(started.body).toEqual({ rows: 3 });
  await lab.control("POST", "/prices/tick", {});
  expect(await lastOf("AAPL")).toBe("210");
  await lab.control("POST", "/time", { advance_ms: 10_000 });
  await lab.control("POST", "/prices/tick", {});
  expect(await lastOf("AAPL")).toBe("211");
  await lab.control("DELETE", "/prices/replay");
  const broken = await lab.control("POST", "/prices/replay", { csv: "now,AAPL,1" });
  expect([broken.status, broken.body.error]).toEqual([400, "line 1: now is not a time"]);
});

test("time moves on, with everything that happens in it", async () => {
  const order = await lab.call("POST", "/v2/orders", LIMIT);
  const expires = String(order.body.expires_at);
  await lab.control("POST", "/time", { move_to: expires });
  expect((await lab.call("GET", `/v2/orders/${String(order.body.id)}`)).body.status).toBe(
    "expired",
  );
  const clock = await lab.call("GET", "/v2/clock");
  expect(Date.parse(String(clock.body.timestamp))).toBeGreaterThanOrEqual(Date.parse(expires));
  const back = await lab.control("POST", "/time", { jump_to: "2020-01-01T00:00:00Z" });
  expect(back.status).toBe(400);
});

test("the session follows the calendar, or holds a phase", async () => {
  await lab.control("POST", "/session", { phase: "closed" });
  expect((await lab.call("GET", "/v2/clock")).body.is_open).toBe(false);
  const { body } = await lab.call("POST", "/v2/orders", MARKET);
  expect(body.status).toBe("accepted");
  await lab.control("POST", "/session", { phase: "core" });
  expect((await lab.call("GET", `/v2/orders/${String(body.id)}`)).body.status).toBe("filled");
  await lab.control("POST", "/session", { mode: "calendar", phase: null });
  await lab.control("POST", "/time", { jump_to: "2027-07-05T15:00:00Z" });
  expect((await lab.call("GET", "/v2/clock")).body).toMatchObject({
    is_open: false,
    next_open: "2027-07-06T09:30:00-04:00",
    next_close: "2027-07-06T16:00:00-04:00",
  });
});

test("settings are read, changed and checked", async () => {
  const { body } = await lab.control("PATCH", "/settings", {
    liquidity: "shared",
    answer_delay_ms: 5,
  });
  expect(body).toMatchObject({ liquidity: "shared", answer_delay_ms: 5, seed: "lab" });
  expect((await lab.control("PATCH", "/settings", { liquidity: "plenty" })).status).toBe(400);
  expect((await lab.control("PATCH", "/settings", { speed: 9 })).status).toBe(400);
});

test("the ledger shows every order, execution and account", async () => {
  await lab.call("POST", "/v2/orders", { ...MARKET, qty: "3", client_order_id: "one" });
  await lab.call("POST", "/v2/orders", { ...LIMIT, client_order_id: "two" });
  const orders = await lab.control("GET", "/ledger/orders?key=lab&limit=1");
  expect(orders.body).toMatchObject({
    total: 2,
    next: 1,
    orders: [{ client_order_id: "one", key: "lab" }],
  });
  const rest = await lab.control("GET", "/ledger/orders?key=lab&from=1");
  expect(rest.body).toMatchObject({
    next: null,
    orders: [{ client_order_id: "two", status: "new" }],
  });
  const executions = await lab.control("GET", "/ledger/executions?key=lab");
  expect(executions.body).toMatchObject({
    total: 1,
    executions: [{ client_order_id: "one", qty: "3", price: "200.02", fee: "0" }],
  });
  const account = await lab.control("GET", "/ledger/accounts/lab");
  expect(account.body).toMatchObject({
    cash: "99399.94",
    reserved: "190",
    positions: { AAPL: { qty: "3" }, BTCUSD: { qty: "0.1" } },
  });
  expect((await lab.control("GET", "/ledger/accounts/nobody")).status).toBe(404);
});

test("money is put in and taken out", async () => {
  await lab.control("POST", "/accounts/lab/cash", { amount: "1000000" });
  expect((await lab.call("GET", "/v2/account")).body.cash).toBe("1100000");
});

test.each([
  ["GET", "/nowhere", undefined, 404],
  ["POST", "/prices", "{", 400],
  ["POST", "/prices", { NOPE: "1" }, 404],
  ["POST", "/prices", { AAPL: "-1" }, 400],
  ["POST", "/prices/move", { symbols: ["AAPL"], percent: -100 }, 400],
  ["POST", "/faults", { kind: "earthquake" }, 400],
  ["DELETE", "/faults/99", undefined, 404],
  ["POST", "/orders/nobody/fill", {}, 404],
  ["POST", "/executions/nobody/bust", {}, 404],
  ["GET", "/ledger/orders?from=x", undefined, 400],
])("%s %s %j is answered with %i and a sentence", async (method, path, body, status) => {
  const answer = await lab.control(method, path, body);
  expect(answer.status).toBe(status);
  expect(answer.body.error).toMatch(/.{8}/);
});
