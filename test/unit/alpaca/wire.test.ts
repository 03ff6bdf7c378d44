// The order path against a server that misbehaves: what the outcome says must be the truth about whether
// the order can exist.
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAlpacaAccount } from "../../../src/brokers/alpaca/account.ts";
import type { AlpacaAccountOptions } from "../../../src/brokers/alpaca/options.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { AccountId, BrokerOrderId, BrokerReference } from "../../../src/domain/ids.ts";
import { BrokerRefusesCredentials, BrokerUnavailable } from "../../../src/ports/broker.ts";
import { eventually, realClock } from "../../support/real-clock.ts";
import { endpointOf, startScriptedAlpaca } from "../../support/scripted-alpaca.ts";
import type { ScriptedAlpaca, ScriptedAnswer } from "../../support/scripted-alpaca.ts";
import { AMZN, d, directory, fixture, RULES } from "./fixtures.ts";
import { terms } from "./orders.ts";
import { wholeOf } from "../../support/pages.ts";

const ORDER = fixture("recorded")["order_accepted"];
const reference = asId<BrokerReference>("order-1");
const brokerOrderId = asId<BrokerOrderId>("f96f132b");
const request = { instrument: AMZN, reference, terms: terms() };
const replacement = { ...request, brokerOrderId, change: { limitPrice: d("1") } };
const never = () => ({ signal: new AbortController().signal });

let alpaca: ScriptedAlpaca;
beforeEach(async () => {
  alpaca = await startScriptedAlpaca();
});
afterEach(() => alpaca.stop());

function account(more: Partial<AlpacaAccountOptions> = {}) {
  return createAlpacaAccount({
    accountId: asId<AccountId>("paper"),
    ...endpointOf(alpaca),
    clock: realClock,
    directory,
    rules: RULES,
    callTimeoutMs: 2_000,
    ...more,
  });
}
const answer = (script: ScriptedAnswer) => (alpaca.script = () => script);
/** A port that nobody listens on. */
async function deafPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is an AddressInfo
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("a submit", () => {
  it("that is refused in words the record cannot hold is told in words that it can", async () => {
    answer({ status: 403, body: { code: 40310000, message: "bad\0news", "na\ud800me": "1" } });
    const outcome = await account().submit(request, never());
    expect(outcome).toMatchObject({
      result: "rejected",
      message: "bad\uFFFDnews (na\uFFFDme 1)",
    });
  });

  it("carries credentials, the reference and the trace", async () => {
    answer({ status: 200, body: ORDER });
    const outcome = await account().submit(request, { ...never(), traceParent: "00-1-2-01" });
    expect(outcome).toMatchObject({ result: "accepted", snapshot: { symbol: "AMZN" } });
    expect(alpaca.requests).toHaveLength(1);
    expect(alpaca.requests[0]).toMatchObject({
      method: "POST",
      path: "/v2/orders",
      headers: {
        "apca-api-key-id": "key",
        "apca-api-secret-key": "hidden",
        "content-type": "application/json",
        traceparent: "00-1-2-01",
      },
    });
    expect(JSON.parse(alpaca.requests[0]?.body ?? "")).toMatchObject({
      client_order_id: "order-1",
    });
  });

  it("that found nobody was not sent", async () => {
    const nobody = account({ tradingUrl: `http://127.0.0.1:${await deafPort()}` });
    expect(await nobody.submit(request, never())).toMatchObject({
      result: "not_sent",
      cause: expect.stringContaining("ECONNREFUSED") as string, // vitest types matchers as any
    });
  });

  it("to a name that does not resolve was not sent", async () => {
    const nowhere = account({ tradingUrl: "http://alpaca.invalid" });
    expect(await nowhere.submit(request, never())).toMatchObject({ result: "not_sent" });
  });

  it("aborted before it began was not sent", async () => {
    const outcome = await account().submit(request, { signal: AbortSignal.abort() });
    expect(outcome).toMatchObject({ result: "not_sent" });
    expect(alpaca.requests).toHaveLength(0);
  });

  it("aborted in the very turn in which it began was not sent, and is not", async () => {
    const stop = new AbortController();
    const outcome = account().submit(request, { signal: stop.signal });
    stop.abort();
    expect(await outcome).toMatchObject({ result: "not_sent" });
    await realClock.sleep(50);
    expect(alpaca.requests).toHaveLength(0);
  });

  it("aborted after it left is unresolved", async () => {
    const stop = new AbortController();
    answer("hang");
    const outcome = account().submit(request, { signal: stop.signal });
    await eventually(() => alpaca.requests.length === 1, "the request arrived");
    stop.abort();
    expect(await outcome).toMatchObject({ result: "unresolved", alarm: false });
  });

  it.each<[string, ScriptedAnswer]>([
    ["a cut connection", "reset"],
    ["an answer that broke off", "break off"],
    ["500", { status: 500, body: { code: 50010000, message: "internal server error" } }],
    ["a gateway's 504", { status: 504, body: "<html>504</html>" }],
    ["408", { status: 408 }],
  ])("that met %s is unresolved", async (_, script) => {
    answer(script);
    expect(await account().submit(request, never())).toMatchObject({
      result: "unresolved",
      alarm: false,
    });
    // Never repeated by the adapter.
    expect(alpaca.requests).toHaveLength(1);
  });

  it("without an answer in time is unresolved", async () => {
    answer("hang");
    const outcome = await account({ callTimeoutMs: 50 }).submit(request, never());
    expect(outcome).toMatchObject({ result: "unresolved", cause: "no answer in 50 ms" });
  });

  it("on a kept connection that was cut meanwhile is unresolved, not lost", async () => {
    const port = account();
    answer({ status: 200, body: ORDER });
    await port.submit(request, never());
    answer("reset");
    expect(await port.submit(request, never())).toMatchObject({ result: "unresolved" });
  });

  it.each<[string, ScriptedAnswer]>([
    ["a code nobody knows", { status: 422, body: { code: 42299999, message: "new" } }],
    ["a page that is no Alpaca's", { status: 404, body: "<html>" }],
    ["a success that cannot be read", { status: 200, body: { id: 5 } }],
    ["a success without a body", { status: 200 }],
  ])("that met %s is unresolved and alarms", async (_, script) => {
    answer(script);
    expect(await account().submit(request, never())).toMatchObject({
      result: "unresolved",
      alarm: true,
    });
  });

  it("that is refused keeps Alpaca's own code and words", async () => {
    answer({ status: 422, body: { code: 42210000, message: "qty must be integer" } });
    expect(await account().submit(request, never())).toEqual({
      result: "rejected",
      code: "42210000",
      message: "qty must be integer",
    });
  });

  it("under a reference that was used is a duplicate", async () => {
    answer({ status: 422, body: { code: 40010001, message: "client_order_id must be unique" } });
    expect(await account().submit(request, never())).toEqual({ result: "duplicate" });
  });

  it("over the rate limit says when to come back", async () => {
    const resetAt = Math.ceil(Date.now() / 1_000) + 20;
    const headers = {
      "x-ratelimit-limit": "200",
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": String(resetAt),
    };
    answer({ status: 429, body: { code: 42910000, message: "rate limit exceeded" }, headers });
    const port = account();
    expect(port.rateBudget()).toBeNull();
    expect(await port.submit(request, never())).toEqual({
      result: "rate_limited",
      retryAt: resetAt * 1_000,
    });
    expect(port.rateBudget()).toEqual({ limit: 200, remaining: 0, resetAt: resetAt * 1_000 });
  });

  it.each<ScriptedAnswer>([
    { status: 401, body: { code: 40110000, message: "request is not authorized" } },
    { status: 403, body: { message: "forbidden." } },
  ])("with credentials that are refused needs a person: %o", async (script) => {
    answer(script);
    await expect(account().submit(request, never())).rejects.toThrow(BrokerRefusesCredentials);
  });

  it("of what Alpaca does not have is refused without asking", async () => {
    const postOnly = { ...request, terms: terms({ postOnly: true }) };
    expect(await account().submit(postOnly, never())).toMatchObject({ result: "rejected" });
    expect(alpaca.requests).toHaveLength(0);
  });
});

describe("a cancel", () => {
  it.each<[ScriptedAnswer, Record<string, unknown>]>([
    [{ status: 204 }, { result: "requested" }],
    [
      { status: 422, body: { code: 42210000, message: "order pending cancel" } },
      { result: "requested" },
    ],
    [
      { status: 422, body: { code: 42210000, message: 'order is already in "filled" state' } },
      { result: "refused", message: 'order is already in "filled" state' },
    ],
    [
      { status: 404, body: { code: 40410000, message: "order not found for x" } },
      { result: "not_found" },
    ],
    [
      { status: 404, body: "not found" },
      { result: "unresolved", alarm: true },
    ],
    [{ status: 500 }, { result: "unresolved", alarm: false }],
    ["reset", { result: "unresolved", alarm: false }],
    [{ status: 429 }, { result: "rate_limited" }],
  ])("that met %o ends as %o", async (script, expected) => {
    answer(script);
    expect(await account().cancel(brokerOrderId, never())).toMatchObject(expected);
    expect(alpaca.requests[0]).toMatchObject({ method: "DELETE", path: "/v2/orders/f96f132b" });
  });
});

describe("a replace", () => {
  it.each<[ScriptedAnswer, Record<string, unknown>]>([
    [
      { status: 200, body: ORDER },
      { result: "requested", snapshot: { quantity: d("2") } },
    ],
    [
      { status: 422, body: { code: 42210000, message: "order parameters are not changed" } },
      { result: "refused", message: "order parameters are not changed" },
    ],
    [
      { status: 404, body: { code: 40410000, message: "order not found for x" } },
      { result: "refused" },
    ],
    [
      { status: 422, body: { code: 40010001, message: "client_order_id must be unique" } },
      { result: "unresolved", alarm: false },
    ],
    [{ status: 503 }, { result: "unresolved", alarm: false }],
  ])("that met %o ends as %o", async (script, expected) => {
    answer(script);
    expect(await account().replace(replacement, never())).toMatchObject(expected);
  });
});

describe("a lookup", () => {
  it("finds, with the legs that the first answer hides", async () => {
    const bracket = fixture<Record<string, object>>("recorded")["order_bracket"];
    alpaca.script = ({ path, query }) =>
      path === "/v2/orders:by_client_order_id"
        ? { status: 200, body: { ...bracket, legs: null } }
        : { status: 200, body: query.get("nested") === "true" ? bracket : {} };
    const found = await account().findByReference(reference, never());
    expect(found.result === "found" && found.snapshot.legs).toHaveLength(2);
  });

  it("believes only Alpaca's own word that there is nothing", async () => {
    answer({ status: 404, body: { code: 40410000, message: "order not found for order-1" } });
    expect(await account().findByReference(reference, never())).toEqual({ result: "not_found" });
    answer({ status: 404, body: "<html>404</html>" });
    expect(await account().findByReference(reference, never())).toMatchObject({
      result: "unavailable",
    });
  });

  it("that met too many requests is to come again, and that is no silence of the broker", async () => {
    answer({ status: 429, body: { message: "too many requests." } });
    const found = await account().findById(brokerOrderId, never());
    expect(found).toEqual({ result: "rate_limited", retryAt: expect.any(Number) });
  });

  it.each<ScriptedAnswer>([{ status: 500 }, "reset", "break off"])(
    "that met %o knows nothing",
    async (script) => {
      answer(script);
      expect(await account().findById(brokerOrderId, never())).toMatchObject({
        result: "unavailable",
      });
    },
  );
});

describe("a read", () => {
  it("of orders loses none of many that were submitted in one instant", async () => {
    const all = Array.from({ length: 1_203 }, (_, index) => ({
      ...(ORDER as object),
      id: String(index).padStart(6, "0"),
    }));
    alpaca.script = ({ query }) => {
      const after = query.get("after_order_id");
      const from = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
      return { status: 200, body: all.slice(from, from + Number(query.get("limit"))) };
    };
    const since = Date.parse("2021-07-08T14:50:42.051Z");
    const orders = await account().ordersSince(since, never());
    expect(orders.map((order) => order.brokerOrderId)).toEqual(all.map(({ id }) => id));
    const [first, ...rest] = alpaca.requests.map(({ query }) => Object.fromEntries(query));
    expect(first).toMatchObject({ status: "all", direction: "asc", limit: "500" });
    expect(first?.["after"]).toBe("2021-07-08T14:50:42.050Z");
    // The two cursors exclude each other.
    expect(rest.every((query) => !("after" in query))).toBe(true);
  });

  it("puts legs below their parent, and leaves a leg without parent by itself", async () => {
    const { order_bracket: bracket } = fixture<Record<string, { legs: object[] }>>("recorded");
    const orphan = { ...bracket?.legs[0], id: "orphan", legs: null };
    const flat = [{ ...bracket, legs: null }, ...(bracket?.legs ?? []), orphan];
    alpaca.script = ({ query }) => ({
      status: 200,
      body: query.get("nested") === "true" ? [bracket] : flat,
    });
    const orders = await account().openOrders(never());
    expect(orders.map((order) => [order.brokerOrderId, order.legs.length])).toEqual([
      ["f96f132b-3c28-4e24-ac01-0e6f38e26698", 2],
      ["orphan", 0],
    ]);
  });

  it("of fills goes on behind the last id", async () => {
    const fill = fixture<Record<string, object>>("recorded")["activity_fill"];
    const all = Array.from({ length: 150 }, (_, index) => ({ ...fill, id: `fill-${index}` }));
    alpaca.script = ({ query }) => {
      const token = query.get("page_token");
      const from = token === null ? 0 : all.findIndex(({ id }) => id === token) + 1;
      return { status: 200, body: all.slice(from, from + 100) };
    };
    let requests = 0;
    const options = { ...never(), onRequest: () => (requests += 1) };
    expect(await wholeOf(account().executionsSince(0, options))).toHaveLength(150);
    expect(alpaca.requests[0]?.query.get("activity_types")).toBe("FILL");
    expect(requests).toBe(alpaca.requests.length);
    expect(requests).toBe(2);
  });

  it("of fills leaves out what is of a type that nobody published, and tells it once", async () => {
    const fill = fixture<Record<string, object>>("recorded")["activity_fill"];
    const types = ["fill", "partial_fill", "reversal", null];
    const all = types.map((type, index) => ({ ...fill, id: `fill-${index}`, type }));
    answer({ status: 200, body: all });
    const told: string[] = [];
    const options = { ...never(), onUnreadable: (_: string, cause: string) => told.push(cause) };
    const port = account();
    for (const look of [1, 2]) {
      const found = await wholeOf(port.executionsSince(look, options));
      expect(found.map(({ id }) => id)).toEqual([
        "alpaca-activity:fill-0",
        "alpaca-activity:fill-1",
        "alpaca-activity:fill-3",
      ]);
    }
    expect(told).toEqual(["the activity fill-2 is a FILL of the type reversal"]);
  });

  it.each<ScriptedAnswer>([{ status: 500 }, "reset", { status: 200, body: "<html>" }])(
    "that met %o says so",
    async (script) => {
      answer(script);
      await expect(account().positions(never())).rejects.toThrow(BrokerUnavailable);
    },
  );

  it("with one order that cannot be read is no list at all", async () => {
    answer({ status: 200, body: [ORDER, { id: "half" }] });
    await expect(account().openOrders(never())).rejects.toThrow(/cannot be read at 1\./);
  });

  it("with refused credentials needs a person", async () => {
    answer({ status: 401, body: { message: "unauthorized." } });
    await expect(account().account(never())).rejects.toThrow(BrokerRefusesCredentials);
  });

  it("can be aborted", async () => {
    answer("hang");
    const stop = new AbortController();
    const read = account().positions({ signal: stop.signal });
    await eventually(() => alpaca.requests.length === 1, "the request arrived");
    stop.abort();
    await expect(read).rejects.toThrow(BrokerUnavailable);
  });

  it("of an instrument that is not listed is null", async () => {
    answer({ status: 404, body: { code: 40410000, message: "asset not found for ZZZ" } });
    expect(await account().instrument("ZZZ", never())).toBeNull();
  });
});

describe("an endpoint", () => {
  it.each([
    [true, "https://api.alpaca.markets"],
    [false, "https://paper-api.alpaca.markets"],
  ])("of the other kind is refused before anything is sent", (paper, tradingUrl) => {
    expect(() => account({ paper, tradingUrl })).toThrow(RangeError);
  });
});
