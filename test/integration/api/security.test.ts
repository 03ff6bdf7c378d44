// One suite over the whole table of routes: deny by default, roles, scopes, bounds.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROUTES } from "../../../src/api/routes.ts";
import type { Route } from "../../../src/api/route.ts";
import { ROLES, type Role } from "../../../src/app/sender.ts";
import { makeKey } from "../../../src/api/auth/api-key.ts";
import { addAccount, apiUnderTest, BASE, type ApiUnderTest } from "../../support/api.ts";
import { newKey } from "../../support/keys.ts";

let api: ApiUnderTest;
const keys: Record<string, string> = {};

beforeAll(async () => {
  api = await apiUnderTest({ auth: "keys", rateLimit: { perSecond: 10_000, burst: 10_000 } });
  await addAccount(api.store, "other");
  await api.api.world.refresh();
  for (const role of ROLES) keys[role] = await keyOf({ role });
  keys["scoped"] = await keyOf({ role: "admin", accounts: ["main"] });
  keys["revoked"] = await keyOf({ role: "admin", name: "revoked" });
  await api.store.queries`UPDATE api_keys SET revoked_at = now() WHERE name = 'revoked'`;
});
afterAll(() => api.drop());

async function keyOf(asked: Parameters<typeof newKey>[1]): Promise<string> {
  return (await newKey(api, asked)).key;
}

const ID = "01900000-0000-7000-8000-000000000000";
const guarded = ROUTES.filter(({ access }) => access !== "public" && access !== "token");

function addressOf({ path }: Route): string {
  return path.replace(":symbol", "AAPL").replace(":id", ID);
}

function bodyOf({ method, body }: Route): unknown {
  return method === "GET" || body === undefined ? undefined : {};
}

const withKey = (name: string) => ({ authorization: `Bearer ${keys[name] ?? ""}` });

describe.each(guarded.map((route) => [`${route.method} ${route.path}`, route] as const))(
  "%s",
  (_, route) => {
    it("answers nobody without a key", async () => {
      const { status, body, headers } = await api.send(
        route.method,
        addressOf(route),
        bodyOf(route),
      );
      expect([status, body["code"]]).toEqual([401, "unauthenticated"]);
      expect(headers.get("www-authenticate")).toContain("Bearer");
    });

    it("answers no made-up, no revoked key", async () => {
      const madeUp = { "x-api-key": makeKey().key };
      for (const headers of [madeUp, withKey("revoked"), { authorization: "Bearer nonsense" }]) {
        const { status } = await api.send(route.method, addressOf(route), bodyOf(route), headers);
        expect(status).toBe(401);
      }
    });

    it("asks for its role", async () => {
      const needed = ROLES.indexOf(route.access as Role);
      for (const [rank, role] of ROLES.entries()) {
        if (rank >= needed) continue;
        const { status, body } = await api.send(
          route.method,
          addressOf(route),
          bodyOf(route),
          withKey(role),
        );
        expect([role, status, body["code"]]).toEqual([role, 403, "forbidden"]);
      }
    });

    it("refuses a parameter that it does not know, by name", async () => {
      const { status, body } = await api.send(
        route.method,
        `${addressOf(route)}?nonsense=1`,
        bodyOf(route),
        withKey("admin"),
      );
      expect([status, JSON.stringify(body["errors"])]).toEqual([
        422,
        expect.stringContaining("nonsense"),
      ]);
    });
  },
);

describe.each(
  guarded
    .filter(({ body }) => body !== undefined)
    .map((route) => [`the body of ${route.method} ${route.path}`, route] as const),
)("%s", (_, route) => {
  it("refuses a field that it does not know", async () => {
    const { status, text } = await api.send(
      route.method,
      addressOf(route),
      { nonsense_field: 1 },
      withKey("admin"),
    );
    expect([status, text]).toEqual([422, expect.stringContaining("nonsense_field")]);
  });

  it("refuses wrong types, never with a 5xx", async () => {
    for (const body of ["[]", '"text"', "17", "null", '{"__proto__":{"role":"admin"}}']) {
      const { status } = await api.send(route.method, addressOf(route), body, withKey("admin"));
      expect([body, status]).toEqual([body, 422]);
    }
  });

  it("refuses a body that is too large", async () => {
    const large = JSON.stringify({ reason: "x".repeat(3 * 1024 * 1024) });
    const { status } = await api.send(route.method, addressOf(route), large, withKey("admin"));
    expect(status).toBe(413);
  });
});

describe("scopes", () => {
  const SIGNAL = { symbol: "AAPL", side: "buy", qty: 1, account: "main" };

  it("a key for one account neither trades nor sees another", async () => {
    const asOther = { ...SIGNAL, account: "other" };
    const refused = await api.send("POST", `${BASE}/signal`, asOther, withKey("scoped"));
    expect([refused.status, refused.body["code"]]).toEqual([403, "forbidden"]);
    const theirs = await api.send("POST", `${BASE}/signal`, asOther, withKey("admin"));
    const hidden = await api.send("GET", String(theirs.body["url"]), undefined, withKey("scoped"));
    expect(hidden.status).toBe(404);
    const list = await api.send("GET", `${BASE}/signals`, undefined, withKey("scoped"));
    expect(list.body["data"]).toEqual([]);
    for (const path of ["orders", "positions", "portfolio", "events", "stream", "reconciliation"]) {
      const { status } = await api.send(
        "GET",
        `${BASE}/${path}?account=other`,
        undefined,
        withKey("scoped"),
      );
      expect([path, status]).toEqual([path, 403]);
    }
  });

  it("a key for one account stops only that one, and makes no other keys", async () => {
    const all = await api.send(
      "PUT",
      `${BASE}/trading-state`,
      { state: "halted" },
      withKey("scoped"),
    );
    expect(all.status).toBe(403);
    const one = await api.send(
      "PUT",
      `${BASE}/trading-state`,
      { state: "halted", account: "main" },
      withKey("scoped"),
    );
    expect(one.status).toBe(200);
    const key = await api.send(
      "POST",
      `${BASE}/keys`,
      { name: "wider", role: "admin" },
      withKey("scoped"),
    );
    expect(key.status).toBe(403);
    const limit = await api.send(
      "PUT",
      `${BASE}/limits`,
      { key: "allow_short", value: true },
      withKey("scoped"),
    );
    expect(limit.status).toBe(403);
  });

  it("stopping is for traders too, resuming is not", async () => {
    const stop = { state: "reducing", account: "main" };
    const stopped = await api.send("PUT", `${BASE}/trading-state`, stop, withKey("trader"));
    expect(stopped.status).toBe(403);
    const halted = { state: "halted" };
    expect((await api.send("PUT", `${BASE}/trading-state`, halted, withKey("trader"))).status).toBe(
      200,
    );
    const resume = { state: "active", reason: "fine" };
    const byTrader = await api.send("PUT", `${BASE}/trading-state`, resume, withKey("trader"));
    expect(byTrader.status).toBe(403);
    const byAdmin = await api.send("PUT", `${BASE}/trading-state`, resume, withKey("admin"));
    expect(byAdmin.status).toBe(200);
  });

  it("a key for a strategy speaks for nothing else", async () => {
    const headers = { "x-api-key": await keyOf({ role: "trader", strategies: ["breakout"] }) };
    const without = await api.send("POST", `${BASE}/signal`, SIGNAL, headers);
    expect(without.status).toBe(403);
    const own = await api.send(
      "POST",
      `${BASE}/signal`,
      { ...SIGNAL, strategy: "breakout" },
      headers,
    );
    expect(own.status).toBe(202);
    const close = await api.send(
      "POST",
      `${BASE}/positions/AAPL/close`,
      { account: "main" },
      headers,
    );
    expect(close.status).toBe(403);
  });

  it("a key with a largest amount fails closed without a price", async () => {
    const headers = { "x-api-key": await keyOf({ role: "trader", max_notional: "1000" }) };
    const blind = await api.send("POST", `${BASE}/signal`, SIGNAL, headers);
    expect([blind.status, blind.body["code"]]).toEqual([403, "exceeds_key_limit"]);
    const small = { ...SIGNAL, limit_price: "999.99" };
    expect((await api.send("POST", `${BASE}/signal`, small, headers)).status).toBe(202);
    const large = { ...SIGNAL, qty: 2, limit_price: "999.99" };
    expect((await api.send("POST", `${BASE}/signal`, large, headers)).status).toBe(403);
  });

  it("a key may have to name its requests", async () => {
    const headers = { "x-api-key": await keyOf({ role: "trader", require_idempotency: true }) };
    const unnamed = await api.send("POST", `${BASE}/signal`, SIGNAL, headers);
    expect([unnamed.status, unnamed.body["code"]]).toEqual([400, "idempotency_key_required"]);
    const named = await api.send("POST", `${BASE}/signal`, SIGNAL, {
      ...headers,
      "idempotency-key": "n1",
    });
    expect(named.status).toBe(202);
  });

  it("an expired key is no key", async () => {
    const headers = { "x-api-key": await keyOf({ role: "admin", expires_at: new Date(1) }) };
    expect((await api.send("GET", `${BASE}/orders`, undefined, headers)).status).toBe(401);
  });

  it("one sender's idempotency keys are not another's", async () => {
    const first = await api.send("POST", `${BASE}/signal`, SIGNAL, {
      ...withKey("admin"),
      "idempotency-key": "shared",
    });
    const second = await api.send("POST", `${BASE}/signal`, SIGNAL, {
      ...withKey("trader"),
      "idempotency-key": "shared",
    });
    expect(second.body["replayed"]).toBe(false);
    expect(second.body["id"]).not.toBe(first.body["id"]);
  });
});

it("a key is shown once and never logged", async () => {
  const made = await api.send(
    "POST",
    `${BASE}/keys`,
    { name: "bot", role: "trader" },
    withKey("admin"),
  );
  expect(made.status).toBe(201);
  const key = String(made.body["key"]);
  expect((await api.send("GET", `${BASE}/orders`, undefined, { "x-api-key": key })).status).toBe(
    200,
  );
  const listed = await api.send("GET", `${BASE}/keys`, undefined, withKey("admin"));
  expect(listed.text).not.toContain(key);
  const revoked = await api.send(
    "DELETE",
    `${BASE}/keys/${String(made.body["id"])}`,
    undefined,
    withKey("admin"),
  );
  expect(revoked.status).toBe(204);
  for (const secret of [key, ...Object.values(keys)]) expect(api.logged()).not.toContain(secret);
  const audit = await api.send("GET", `${BASE}/audit`, undefined, withKey("admin"));
  expect(audit.text).toContain("key_revoked");
});
