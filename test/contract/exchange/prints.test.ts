// Trades and quotes of the past, page by page.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KEPT_PRINTS } from "../../../src/exchange/market/prints.ts";
import type { Lab } from "./lab.ts";
import { openLab } from "./lab.ts";

type Row = Readonly<Record<string, unknown>>;

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
  for (const price of ["200.01", "200.02", "200.03", "200.04", "200.05"]) {
    await lab.control("POST", "/prices", { AAPL: price, MSFT: "500", "BTC/USD": "60000" });
  }
});
afterAll(() => lab.stop());

const get = async (path: string) => (await lab.call("GET", path)).body;

/** Every page of a question, until there is no further one. */
async function pages(path: string, key: string): Promise<[string, Row][][]> {
  const found: [string, Row][][] = [];
  for (let token: unknown = ""; token !== null;) {
    const body = await get(`${path}&page_token=${String(token)}`);
    const bySymbol = body[key] as Record<string, Row[]>; // as the published shape has it
    found.push(
      Object.entries(bySymbol).flatMap(([symbol, rows]) =>
        rows.map((row): [string, Row] => [symbol, row]),
      ),
    );
    token = body.next_page_token;
  }
  return found;
}

describe("trades of the past", () => {
  test("are those that were, in their order, each with an id of its own", async () => {
    const { trades, symbol } = await get("/v2/stocks/AAPL/trades");
    const rows = trades as readonly Row[]; // a list
    expect(symbol).toBe("AAPL");
    expect(rows.slice(-5).map(({ p }) => p)).toEqual([200.01, 200.02, 200.03, 200.04, 200.05]);
    expect(new Set(rows.map(({ i }) => i)).size).toBe(rows.length);
    const { trade } = await get("/v2/stocks/AAPL/trades/latest");
    expect(rows.at(-1)).toEqual(trade);
  });

  test.each(["asc", "desc"])("pages of two lose and repeat none: %s", async (sort) => {
    const path = `/v2/stocks/trades?symbols=MSFT,AAPL&sort=${sort}`;
    const whole = (await pages(path, "trades")).flat();
    const small = await pages(`${path}&limit=2`, "trades");
    expect(small.length).toBeGreaterThan(4);
    expect(small.slice(0, -1).every((page) => page.length === 2)).toBe(true);
    expect(small.flat()).toEqual(whole);
    const ids = whole.filter(([symbol]) => symbol === "AAPL").map(([, { i }]) => Number(i));
    expect(ids).toEqual(
      [...ids].sort((one, other) => (sort === "asc" ? one - other : other - one)),
    );
  });

  test("of pairs come in the same way", async () => {
    const [rows] = await pages("/v1beta3/crypto/us/trades?symbols=BTC%2FUSD", "trades");
    expect(rows?.at(-1)).toMatchObject(["BTC/USD", { p: 60_000 }]);
  });

  test("only those between start and end", async () => {
    const { trades } = await get("/v2/stocks/AAPL/trades?start=2020-01-01&end=2020-01-02");
    expect(trades).toEqual([]);
  });

  test("no more than are kept", async () => {
    await lab.control("POST", "/prices/freeze", { symbols: ["AAPL"], frozen: false });
    await lab.control("POST", "/prices/tick", { count: KEPT_PRINTS + 50 });
    const { trades } = await get("/v2/stocks/AAPL/trades?limit=10000");
    expect(trades).toHaveLength(KEPT_PRINTS);
  });
});

describe("quotes of the past", () => {
  test("end with the latest one", async () => {
    const { quotes } = await get("/v2/stocks/MSFT/quotes");
    const { quote } = await get("/v2/stocks/MSFT/quotes/latest");
    expect((quotes as readonly Row[]).at(-1)).toEqual(quote); // a list
  });
});

test.each([
  ["/v2/stocks/NOPE/trades", 404, "resource not found"],
  ["/v2/stocks/trades", 400, "symbols is required"],
  ["/v2/stocks/AAPL/quotes?limit=0", 400, "invalid limit"],
  ["/v2/stocks/AAPL/quotes?start=soon", 400, "invalid start: soon"],
  ["/v2/stocks/AAPL/trades?sort=up", 400, "invalid sort: up"],
  ["/v2/stocks/AAPL/trades?page_token=x", 400, "invalid page_token"],
  [
    "/v1beta3/crypto/us/trades?symbols=AAPL",
    400,
    "invalid symbol: AAPL does not match ^[A-Z]+/[A-Z]+$",
  ],
])("%s is %i", async (path, status, message) => {
  const answer = await lab.call("GET", path);
  expect({ status: answer.status, body: answer.body }).toEqual({ status, body: { message } });
});
