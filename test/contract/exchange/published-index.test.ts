// Every example that the published specifications have, by its place there: either it is a fixture that
// the exchange and the adapter are held against, or what it belongs to is not here, and the path answers
// as Alpaca answers for a path it does not have.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Lab } from "./lab.ts";
import { MARKET, openWireLab } from "./wire-case.ts";

interface Row {
  readonly spec: string;
  readonly at: string;
  readonly example?: string;
  /** The file, and where there is more than one in it, the name. */
  readonly fixture?: string;
  /** Why there is none. */
  readonly absent?: string;
}

function read<Shape>(name: string): Shape {
  const file = new URL(`../../fixtures/alpaca/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as Shape; // the shape is the test's own claim
}

const index = read<readonly Row[]>("published-index");
const examples = read<Record<string, Record<string, unknown>>>("published-examples");

/** No example of a body, or of one that is sent and refused: the tests below tell which. */
const WITHOUT_PATH = new Set(["an example of one field, not of a body"]);

let lab: Lab;
beforeAll(async () => {
  lab = await openWireLab();
});
afterAll(() => lab.stop());

describe("the index of published examples", () => {
  test("names a fixture or a reason for each", () => {
    const undecided = index.filter(
      ({ fixture, absent }) => (fixture === undefined) === (absent === undefined),
    );
    expect(undecided).toEqual([]);
    expect(index.length).toBeGreaterThan(190);
  });

  test("every fixture it names is there, and every published fixture is named", () => {
    const named = new Set(index.flatMap(({ fixture }) => (fixture === undefined ? [] : [fixture])));
    for (const fixture of named) {
      const [file = "", name] = fixture.split(": ");
      const body = read<Record<string, unknown>>(file);
      if (name !== undefined) expect(Object.keys(body), fixture).toContain(name);
    }
    const missing = Object.keys(examples).filter(
      (name) => !named.has(`published-examples: ${name}`),
    );
    expect(missing).toEqual([]);
  });
});

const elsewhere = index
  .filter(({ at, absent }) => absent !== undefined && !WITHOUT_PATH.has(absent) && / \//.test(at))
  .map(({ at, absent = "" }) => {
    const [method = "", path = ""] = at.split(" ");
    return [method, path.replace(/\{[^}]+\}/g, "X"), absent] as const;
  });
const paths = [...new Map(elsewhere.map((row) => [`${row[0]} ${row[1]}`, row])).values()];

describe("what is not offered", () => {
  test.each(paths)("%s %s, since it is of %s, is no path", async (method, path) => {
    const { status, body } = await lab.call(method, path, method === "POST" ? {} : undefined);
    expect({ status, body }).toEqual({
      status: 404,
      body: { code: 40410000, message: "endpoint not found" },
    });
  });
});

describe("the requests of the published specifications", () => {
  const submit = (name: string) => lab.call("POST", "/v2/orders", examples[name]);

  test.each(["Equity", "Crypto"])(
    "an order is taken, and says what was asked: %s",
    async (name) => {
      const asked = examples[`POST /v2/orders ${name}`];
      const { status, body } = await submit(`POST /v2/orders ${name}`);
      expect(status).toBe(200);
      expect(body).toMatchObject(asked ?? {});
    },
  );

  test("a replacement is taken, and says what was asked", async () => {
    const { body: first } = await submit("POST /v2/orders Equity");
    const change = examples["PATCH /v2/orders/{order_id} Equity"];
    const { status, body } = await lab.call("PATCH", `/v2/orders/${String(first.id)}`, change);
    expect(status).toBe(200);
    expect(body).toMatchObject({ ...change, replaces: first.id });
  });

  test.each(["IPO", "Options", "MultilegOptions"])(
    "an order for what is not listed here is refused: %s",
    async (name) => {
      const { status, body } = await submit(`POST /v2/orders ${name}`);
      expect(status).toBe(422);
      expect([40010001, 42210000]).toContain(body.code);
    },
  );

  test.each(["IPO", "Options"])("a replacement is judged by its own rules: %s", async (name) => {
    const limit = { ...MARKET, type: "limit", limit_price: "150", time_in_force: "gtc" };
    const { body: first } = await lab.call("POST", "/v2/orders", limit);
    const change = examples[`PATCH /v2/orders/{order_id} ${name}`];
    const { status, body } = await lab.call("PATCH", `/v2/orders/${String(first.id)}`, change);
    // The one changes an amount, which only offerings have; the other is right for shares as well.
    if (name === "IPO") expect(status).toBe(422);
    else expect(body).toMatchObject(change ?? {});
  });

  test("advanced instructions are refused as for an account without them", async () => {
    const order = { ...MARKET, advanced_instructions: { algorithm: "DMA", destination: "NYSE" } };
    const { status, body } = await lab.call("POST", "/v2/orders", order);
    expect(status).toBe(403);
    expect(body).toEqual({
      code: 40310000,
      message: "account not allowed to use advanced_instructions",
    });
  });
});
