// Faults on purpose: each one, seen from a client's side and then in the ledger.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Lab } from "./lab.ts";
import { KEYS } from "./lab.ts";
import { Ear, tradeStream, updates, wsUrl } from "./sockets.ts";
import { LIMIT, MARKET, openWireLab } from "./wire-case.ts";

let lab: Lab;
beforeEach(async () => {
  lab = await openWireLab();
});
afterEach(() => lab.stop());

/** Sends an order past the lab's own client, which would wait for an answer for ever. */
function send(clientOrderId: string, waitMs = 5_000): Promise<Response> {
  return fetch(`${lab.running.url}/v2/orders`, {
    method: "POST",
    headers: { ...KEYS, "content-type": "application/json" },
    body: JSON.stringify({ ...MARKET, client_order_id: clientOrderId }),
    signal: AbortSignal.timeout(waitMs),
  });
}

async function inLedger(clientOrderId: string): Promise<number> {
  const { body } = await lab.control("GET", `/ledger/orders?client_order_id=${clientOrderId}`);
  return body.total as number; // the ledger counts
}

const fault = (body: object) => lab.control("POST", "/faults", body);
const POSTS = { method: "POST", path: "/v2/orders" };

describe("requests", () => {
  test("a reset before the exchange acted leaves no order", async () => {
    await fault({ kind: "reset_before", where: POSTS, times: 1 });
    await expect(send("a")).rejects.toThrow();
    expect(await inLedger("a")).toBe(0);
    expect((await send("b")).status).toBe(200);
  });

  test("a reset after it leaves an order that nobody was told of", async () => {
    await fault({ kind: "reset_after", where: POSTS, times: 1 });
    await expect(send("a")).rejects.toThrow();
    expect(await inLedger("a")).toBe(1);
  });

  test("accepted, and then silence", async () => {
    await fault({ kind: "silence_after", where: POSTS, times: 1 });
    await expect(send("a", 100)).rejects.toThrow();
    expect(await inLedger("a")).toBe(1);
    await fault({ kind: "silence_before", where: POSTS, times: 1 });
    await expect(send("b", 100)).rejects.toThrow();
    expect(await inLedger("b")).toBe(0);
  });

  test("500 after accepting, 503 before", async () => {
    await fault({ kind: "status_after", where: POSTS, times: 1 });
    const after = await send("a");
    expect([after.status, await after.json()]).toEqual([
      500,
      { code: 50010000, message: "internal server error" },
    ]);
    expect(await inLedger("a")).toBe(1);
    await fault({
      kind: "status_before",
      where: POSTS,
      times: 1,
      status: 503,
      body: "<html>503</html>",
    });
    const before = await send("b");
    expect([before.status, await before.text()]).toEqual([503, "<html>503</html>"]);
    expect(await inLedger("b")).toBe(0);
  });

  test("429 by script, without a Retry-After", async () => {
    await fault({ kind: "status_before", status: 429, where: POSTS, skip: 1, times: 2 });
    const statuses = [];
    for (const id of ["a", "b", "c", "d"]) statuses.push((await send(id)).status);
    expect(statuses).toEqual([200, 429, 429, 200]);
  });

  test("a request that arrives late still counts", async () => {
    await fault({ kind: "delay_before", delay_ms: 150, where: POSTS, times: 1 });
    await expect(send("late", 30)).rejects.toThrow();
    expect(await inLedger("late")).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await inLedger("late")).toBe(1);
  });

  test("a rule strikes what it names, and nothing else", async () => {
    await fault({ kind: "status_before", where: { body_contains: "poison" } });
    expect((await send("fine")).status).toBe(200);
    expect((await send("poison")).status).toBe(500);
    const { body } = await lab.control("GET", "/faults");
    expect(body.faults).toMatchObject([{ kind: "status_before", struck: 1 }]);
    await lab.control("DELETE", "/faults");
    expect((await send("poison")).status).toBe(200);
  });

  test("a probability strikes the same requests for the same seed", async () => {
    const run = async () => {
      const other = await openWireLab();
      await other.control("POST", "/faults", { kind: "status_before", probability: 0.5 });
      const statuses = [];
      for (let count = 0; count < 20; count += 1) {
        statuses.push((await other.call("GET", "/v2/clock")).status);
      }
      await other.stop();
      return statuses;
    };
    const first = await run();
    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await run()).toEqual(first);
  });
});

describe("frames", () => {
  async function eventsOf(rules: readonly object[], frames: number): Promise<string[]> {
    for (const rule of rules) await fault(rule);
    const ear = await tradeStream(lab.running.url);
    await lab.call("POST", "/v2/orders", MARKET);
    await ear.count(frames);
    await new Promise((resolve) => setTimeout(resolve, 50));
    ear.socket.close();
    return updates(ear).map(({ event }) => event);
  }

  test("dropped", async () => {
    expect(await eventsOf([{ kind: "drop_frame", where: { event: "fill" } }], 2)).toEqual([
      "pending_new",
      "new",
    ]);
  });

  test("duplicated, with the same execution id", async () => {
    await fault({ kind: "duplicate_frame", where: { event: "fill" }, copies: 2 });
    const ear = await tradeStream(lab.running.url);
    await lab.call("POST", "/v2/orders", MARKET);
    await ear.count(5);
    const ids = updates(ear)
      .filter(({ event }) => event === "fill")
      .map(({ execution_id }) => execution_id);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
    ear.socket.close();
  });

  test("overtaken by the next", async () => {
    expect(await eventsOf([{ kind: "swap_frame", where: { event: "new" } }], 3)).toEqual([
      "pending_new",
      "fill",
      "new",
    ]);
  });

  test("late", async () => {
    expect(
      await eventsOf([{ kind: "delay_frame", delay_ms: 20, where: { event: "pending_new" } }], 3),
    ).toEqual(["new", "fill", "pending_new"]);
  });
});

describe("sockets", () => {
  test("cut off, refused, and let in again", async () => {
    const ear = await tradeStream(lab.running.url);
    await lab.control("POST", "/streams/refuse", { on: true });
    const { body } = await lab.control("POST", "/streams/close", {});
    expect(body).toEqual({ closed: 1 });
    await ear.until(() => ear.closed);
    await expect(new Ear(wsUrl(lab.running.url, "/stream")).opened()).rejects.toThrow();
    await lab.control("POST", "/streams/refuse", { on: false });
    (await tradeStream(lab.running.url)).socket.close();
  });

  test("silent: open, and neither frames nor pongs", async () => {
    const ear = await tradeStream(lab.running.url);
    await lab.control("POST", "/streams/silence", { on: true });
    let ponged = false;
    ear.socket.on("pong", () => (ponged = true));
    ear.socket.ping();
    await lab.call("POST", "/v2/orders", MARKET);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([ponged, ear.heard.length, ear.closed]).toEqual([false, 0, false]);
    await lab.control("POST", "/streams/silence", { on: false });
    await lab.call("POST", "/v2/orders", MARKET);
    await ear.count(3);
    ear.socket.close();
  });
});

describe("the venue", () => {
  test("rejects what it had accepted", async () => {
    await fault({ kind: "reject_order", where: { symbol: "AAPL" }, times: 1 });
    const ear = await tradeStream(lab.running.url);
    const { body } = await lab.call("POST", "/v2/orders", MARKET);
    await ear.count(1);
    expect(updates(ear)).toMatchObject([
      { event: "rejected", order: { id: body.id, failed_at: expect.any(String) } },
    ]);
    ear.socket.close();
  });

  test("fills an order after its cancel", async () => {
    await fault({ kind: "fill_after_cancel", delay_ms: 20 });
    const ear = await tradeStream(lab.running.url);
    const { body } = await lab.call("POST", "/v2/orders", LIMIT);
    await lab.call("DELETE", `/v2/orders/${String(body.id)}`);
    await ear.count(4);
    expect(updates(ear).map(({ event }) => event)).toEqual([
      "pending_new",
      "new",
      "canceled",
      "fill",
    ]);
    expect((await lab.call("GET", "/v2/positions/AAPL")).body.qty).toBe("1");
    ear.socket.close();
  });

  test("loses a cancel, or refuses it", async () => {
    const { body } = await lab.call("POST", "/v2/orders", LIMIT);
    const path = `/v2/orders/${String(body.id)}`;
    await fault({ kind: "refuse_cancel", times: 1 });
    expect((await lab.call("DELETE", path)).status).toBe(204);
    expect((await lab.call("GET", path)).body.status).toBe("new");
    await fault({ kind: "stuck_cancel", times: 1 });
    expect((await lab.call("DELETE", path)).status).toBe(204);
    expect((await lab.call("GET", path)).body.status).toBe("pending_cancel");
    expect((await lab.call("DELETE", path)).body.message).toBe("order pending cancel");
    await lab.control("POST", `/orders/${String(body.id)}/cancel`);
    expect((await lab.call("GET", path)).body.status).toBe("canceled");
  });

  test("busts and corrects fills, by rule and by hand", async () => {
    await fault({ kind: "bust_fill", times: 1 });
    const ear = await tradeStream(lab.running.url);
    await lab.call("POST", "/v2/orders", MARKET);
    await ear.count(4);
    const [, , fill, busted] = updates(ear);
    expect(busted).toMatchObject({
      event: "trade_bust",
      qty: "-1",
      previous_execution_id: fill?.execution_id,
      position_qty: "0",
    });
    expect((await lab.call("GET", "/v2/positions/AAPL")).status).toBe(404);
    expect((await lab.call("GET", "/v2/account/activities/FILL")).body).toEqual([]);

    await lab.call("POST", "/v2/orders", MARKET);
    const { body } = await lab.control("GET", "/ledger/executions");
    const last = (body.executions as { id: string }[]).at(-1);
    const corrected = await lab.control("POST", `/executions/${String(last?.id)}/correct`, {
      price: "199",
    });
    expect(corrected.body).toMatchObject({ price: "199", corrects: last?.id });
    expect((await lab.call("GET", "/v2/account")).body.cash).toBe("99801");
    expect((await lab.control("POST", `/executions/${String(last?.id)}/bust`)).status).toBe(409);
    ear.socket.close();
  });

  test("fills by hand, in part and at any price", async () => {
    const { body } = await lab.call("POST", "/v2/orders", {
      ...LIMIT,
      qty: "10",
      client_order_id: "hand",
    });
    const filled = await lab.control("POST", "/orders/hand/fill", { qty: "4", price: "189.5" });
    expect(filled.body).toMatchObject({ qty: "4", price: "189.5", cum_qty: "4", leaves_qty: "6" });
    const order = await lab.call("GET", `/v2/orders/${String(body.id)}`);
    expect(order.body).toMatchObject({ status: "partially_filled", filled_avg_price: "189.5" });
  });

  test("takes its time when told to", async () => {
    await lab.control("PATCH", "/settings", { venue_delay_ms: 30 });
    const ear = await tradeStream(lab.running.url);
    const { body } = await lab.call("POST", "/v2/orders", LIMIT);
    expect(body.status).toBe("pending_new");
    await ear.count(2);
    await lab.call("DELETE", `/v2/orders/${String(body.id)}`);
    await ear.count(4);
    expect(updates(ear).map(({ event }) => event)).toEqual([
      "pending_new",
      "new",
      "pending_cancel",
      "canceled",
    ]);
    ear.socket.close();
  });
});
