// What people change besides orders, said twice: a repeat of what is done changes nothing and fails at
// nothing, whatever happened in between, whichever process hears it.
import { Writable } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createApi, type RunningApi } from "../../../src/api/api.ts";
import type { Role } from "../../../src/app/sender.ts";
import { createLogger } from "../../../src/log.ts";
import { apiUnderTest, BASE, depsOf, PARTITIONS, type ApiUnderTest } from "../../support/api.ts";
import { newKey } from "../../support/keys.ts";

const NO_LIMIT = { perSecond: 10_000, burst: 10_000 };
const keys: Record<"admin" | "other" | "trader", string> = { admin: "", other: "", trader: "" };
let api: ApiUnderTest;
let second: RunningApi;

beforeAll(async () => {
  api = await apiUnderTest(
    { auth: "keys", rateLimit: NO_LIMIT },
    { accounts: ["main", "another"] },
  );
  keys.admin = await keyOf("admin");
  keys.other = await keyOf("admin");
  keys.trader = await keyOf("trader");
  second = await createApi({
    ...depsOf(api.store, null),
    settings: {
      ...{ mode: "mock", version: "test", partitions: PARTITIONS, auth: "keys" },
      ...{ isLoopback: true, rateLimit: NO_LIMIT },
    },
    log: createLogger(
      "api",
      { logLevel: "fatal", logFormat: "json" },
      new Writable({ write: (_chunk, _encoding, done) => done() }),
    ),
  });
});
afterAll(async () => {
  await second.close();
  await api.drop();
});

async function keyOf(role: Role, requireIdempotency = false): Promise<string> {
  return (await newKey(api, { role, require_idempotency: requireIdempotency })).key;
}

let named = 0;
/** A name that nobody has used. */
const freshName = () => `n${(named += 1)}`;

function headersOf(who: keyof typeof keys, name: string | null): Record<string, string> {
  return { "x-api-key": keys[who], ...(name === null ? {} : { "idempotency-key": name }) };
}

type Asked = readonly [method: string, path: string, body?: unknown];

function send(who: keyof typeof keys, name: string | null, [method, path, body]: Asked) {
  return api.send(method, `${BASE}${path}`, body, headersOf(who, name));
}

const state = (asked: Record<string, unknown>): Asked => ["PUT", "/trading-state", asked];
const RESUME = state({ state: "active", reason: "all is well" });
const HALT = state({ state: "halted" });

async function stateNow(): Promise<unknown> {
  return (await send("admin", null, ["GET", "/trading-state"])).body["state"];
}

async function count(table: "commands" | "audit_trail"): Promise<number> {
  const sql = api.store.queries;
  const [row] = await sql<{ n: number }[]>`SELECT count(*)::int AS n FROM ${sql(table)}`;
  return row?.n ?? 0;
}

describe("the switch", () => {
  beforeEach(async () => {
    await send("admin", null, RESUME);
  });

  it("a resume that is sent again undoes no stop pressed in between, and tells of it", async () => {
    await send("other", null, HALT);
    const name = freshName();
    const first = await send("admin", name, RESUME);
    expect([first.status, first.body["replayed"]]).toEqual([200, false]);
    expect((await send("other", null, HALT)).status).toBe(200);
    const commands = await count("commands");

    const again = await send("admin", name, RESUME);
    expect(again.status).toBe(200);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(again.body).toEqual({
      ...first.body,
      replayed: true,
      effect: [
        ...(first.body["effect"] as string[]),
        "This was done before, and is not done again: the state is halted by now.",
      ],
    });
    expect(await stateNow()).toBe("halted");
    expect(await count("commands")).toBe(commands);
  });

  it("says the first answer again to the letter while nothing has changed since", async () => {
    const name = freshName();
    const stop = state({ state: "reducing", account: "main", cancel_orders: true });
    const first = await send("trader", name, stop);
    const again = await send("trader", name, stop);
    expect(again.body).toEqual({ ...first.body, replayed: true });
    const back = state({ state: "active", account: "main", reason: "checked" });
    expect((await send("admin", null, back)).status).toBe(200);
  });

  it("refuses the same name for another request, by the fields that differ", async () => {
    const name = freshName();
    await send("admin", name, HALT);
    const other = await send("admin", name, state({ state: "reducing", flatten: true }));
    expect([other.status, other.body["code"]]).toEqual([422, "idempotency_mismatch"]);
    const errors = other.body["errors"] as { field: string }[];
    expect(errors.map(({ field }) => field)).toEqual(["state", "flatten"]);
    expect(await stateNow()).toBe("halted");
    expect((await send("other", name, HALT)).body["replayed"]).toBe(false);
  });

  it("what was refused is not kept under its name", async () => {
    await send("other", null, HALT);
    const name = freshName();
    const unsaid = await send("admin", name, state({ state: "active" }));
    expect([unsaid.status, unsaid.body["code"]]).toEqual([422, "invalid_request"]);
    const said = await send("admin", name, RESUME);
    expect([said.status, said.body["replayed"]]).toEqual([200, false]);
  });

  it("of equal requests that race through two processes one is carried out", async () => {
    const stop = { state: "reducing", flatten: true };
    const before = await count("commands");
    const headers = { ...headersOf("trader", freshName()), host: "localhost:8000" };
    const answers = await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        const { app } = index % 2 === 0 ? api : second;
        const response = await app.request(`${BASE}/trading-state`, {
          method: "PUT",
          headers: { ...headers, "content-type": "application/json" },
          body: JSON.stringify(stop),
        });
        const body = (await response.json()) as Record<string, unknown>;
        return { status: response.status, body };
      }),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(answers.filter(({ body }) => body["replayed"] === false)).toHaveLength(1);
    expect(new Set(answers.map(({ body }) => body["version"])).size).toBe(1);
    expect(new Set(answers.map(({ body }) => String(body["commands"]))).size).toBe(1);
    expect((await count("commands")) - before).toBe(2);
  });

  it("asks for a name where the key has to name its requests", async () => {
    const headers = { "x-api-key": await keyOf("trader", true) };
    const body = { state: "reducing" };
    const unnamed = await api.send("PUT", `${BASE}/trading-state`, body, headers);
    expect([unnamed.status, unnamed.body["code"]]).toEqual([400, "idempotency_key_required"]);
  });
});

describe("a change of the state is judged by what it replaces", () => {
  /** Both wait for the lock of the state, in this order; who comes later sees what came before. */
  async function oneAfterTheOther(requests: readonly (() => Promise<{ status: number }>)[]) {
    const sql = api.store.queries;
    const waiting: Promise<{ status: number }>[] = [];
    await sql.begin(async (transaction) => {
      await transaction`SELECT pg_advisory_xact_lock(1179208780, 3)`;
      for (const request of requests) {
        waiting.push(request());
        const waiters = async () => {
          const [row] = await transaction<{ n: number }[]>`
            SELECT count(*)::int AS n FROM pg_locks
            WHERE locktype = 'advisory' AND NOT granted AND objid = 3
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
          return row?.n;
        };
        await expect.poll(waiters, { timeout: 60_000 }).toBe(waiting.length);
      }
    });
    return (await Promise.all(waiting)).map(({ status }) => status);
  }

  it.each([
    ["for all", {}],
    ["for an account", { account: "main" }],
    ["for a strategy", { strategy: "mine" }],
  ])("a trader's reducing does not loosen a freeze committed meanwhile %s", async (_, scope) => {
    await send("admin", null, state({ state: "active", reason: "at first", ...scope }));
    const statuses = await oneAfterTheOther([
      () => send("admin", null, state({ state: "halted", ...scope })),
      () => send("trader", null, state({ state: "reducing", ...scope })),
    ]);
    expect(statuses).toEqual([200, 403]);
    const { body } = await send("admin", null, ["GET", "/trading-state"]);
    const rows = body["data"] as Record<string, unknown>[];
    expect(rows).toContainEqual(expect.objectContaining({ state: "halted", ...scope }));
  });

  it("nor may an admin without a reason", async () => {
    await send("admin", null, RESUME);
    const statuses = await oneAfterTheOther([
      () => send("other", null, HALT),
      () => send("admin", null, state({ state: "reducing" })),
    ]);
    expect(statuses).toEqual([200, 422]);
    expect(await stateNow()).toBe("halted");
  });
});

describe("limits", () => {
  const limit = (asked: Record<string, unknown>): Asked => [
    "PUT",
    "/limits",
    { key: "max_order_qty_stock", ...asked },
  ];

  it("a change that is sent again does not undo a later one", async () => {
    const name = freshName();
    await send("admin", name, limit({ value: 100 }));
    await send("other", null, limit({ value: 10 }));
    const again = await send("admin", name, limit({ value: "100" }));
    expect([again.status, again.body["value"]]).toEqual([200, "10"]);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    const off = await send("admin", name, limit({ value: null }));
    expect([off.status, off.body["code"]]).toEqual([422, "idempotency_mismatch"]);
  });

  it("an override that is gone is taken away twice", async () => {
    await send("admin", null, limit({ symbol: "AAPL", value: 5 }));
    const name = freshName();
    const removal = limit({ symbol: "AAPL", remove: true });
    expect((await send("admin", name, removal)).status).toBe(200);
    expect((await send("admin", name, removal)).status).toBe(200);
    expect((await send("admin", freshName(), removal)).status).toBe(422);
  });
});

it("a key and a webhook that are gone are taken away twice, and the trail tells of one", async () => {
  const key = await send("admin", null, ["POST", "/keys", { name: "bot", role: "viewer" }]);
  const hook = { name: "desk", url: "https://hook.invalid/" };
  const made = await send("admin", null, ["POST", "/webhooks", hook]);
  const before = await count("audit_trail");
  for (const path of [`/keys/${String(key.body["id"])}`, `/webhooks/${String(made.body["id"])}`]) {
    expect((await send("admin", null, ["DELETE", path])).status).toBe(204);
    expect((await send("admin", null, ["DELETE", path])).status).toBe(204);
  }
  expect((await count("audit_trail")) - before).toBe(2);
  const never = api.api.ids.next();
  expect((await send("admin", null, ["DELETE", `/keys/${never}`])).status).toBe(404);
  expect((await send("admin", null, ["DELETE", `/webhooks/${never}`])).status).toBe(404);
});

it("a partition is resumed once: a repeat lets no later fault go", async () => {
  const breakIt = (fault: string) =>
    api.store.queries`UPDATE partitions SET fault = ${fault} WHERE partition = 1`;
  const resume: Asked = ["POST", "/partitions/1/resume", { reason: "looked at" }];
  await breakIt("the first");
  const name = freshName();
  expect((await send("admin", name, resume)).status).toBe(200);
  expect((await send("admin", name, resume)).status).toBe(200);
  await breakIt("another");
  const again = await send("admin", name, resume);
  expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([200, "true"]);
  const [row] = await api.store.queries`SELECT fault FROM partitions WHERE partition = 1`;
  expect(row?.["fault"]).toBe("another");
  expect((await send("admin", freshName(), resume)).status).toBe(200);
  const healthy = await send("admin", freshName(), resume);
  expect([healthy.status, healthy.body["code"]]).toEqual([409, "not_allowed_now"]);
});
