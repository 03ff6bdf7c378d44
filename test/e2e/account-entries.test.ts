// What a broker does to an account beside trading, through the whole house: a dividend, a split and a
// transfer at the exchange are recorded once, and both sides then say the same.
import { afterAll, beforeAll, expect, test } from "vitest";
import { Decimal } from "../../src/domain/decimal.ts";
import {
  build,
  callJson,
  fillstream,
  start,
  temporaryDirectory,
  until,
} from "../support/fillstream.ts";
import type { Start } from "../support/fillstream.ts";

const directory = temporaryDirectory();
let house: Start;
let exchange: string;

beforeAll(async () => {
  build();
  house = await start(directory.path);
  await house.ready();
  exchange = house.env()["ALPACA_BASE_URL"] ?? "";
});
afterAll(async () => {
  house.process.kill("SIGTERM");
  await house.ended();
  directory.remove();
});

const ours = <Body>(path: string, method = "GET", body?: object) =>
  callJson<Body>(`${house.url}/api/v1/trading${path}`, body, method);
const control = <Body>(path: string, method = "GET", body?: object) =>
  callJson<Body>(`${exchange}/control${path}`, body, method);

interface TheirAccount {
  readonly key: string;
  readonly cash: string;
  readonly positions: Record<string, { readonly qty: string; readonly cost_basis: string }>;
}

async function theirs(): Promise<TheirAccount> {
  const { accounts } = await control<{ accounts: TheirAccount[] }>("/ledger/accounts");
  const [account] = accounts.filter(({ positions }) => "AAPL" in positions);
  if (account === undefined) throw new Error("nobody holds AAPL");
  return account;
}

interface OurPosition {
  readonly symbol: string;
  readonly qty: string;
  readonly avg_price: string;
  readonly cost_basis: string;
}

async function apple(query = ""): Promise<OurPosition | undefined> {
  const { data } = await ours<{ data: OurPosition[] }>(`/positions?symbol=AAPL${query}`);
  return data.find(({ symbol }) => symbol === "AAPL");
}

/** Every adjustment since the first contact: kind, quantity, amount, strategy. */
async function adjustments(): Promise<readonly string[]> {
  const query =
    "SELECT kind || ' ' || qty || ' ' || amount || ' ' || coalesce(strategy_id, '-') AS told " +
    "FROM adjustments WHERE source LIKE 'broker activity%' ORDER BY 1";
  return sql(query);
}

/** The rows of one column. */
async function sql(query: string): Promise<readonly string[]> {
  const { code, stdout, stderr } = await fillstream(["sql", "--json", query], {
    FILLSTREAM_DATA: directory.path,
  });
  if (code !== 0) throw new Error(stderr);
  const rows = JSON.parse(stdout) as readonly Record<string, string>[]; // rows of text, by column
  return rows.flatMap((row) => Object.values(row));
}

async function reconcile(): Promise<void> {
  await ours("/reconciliation/run", "POST", {});
}

test("a dividend, a split and a transfer are recorded once, and both sides agree", async () => {
  await control("/prices", "POST", { AAPL: "200" });
  await ours("/signal", "POST", { symbol: "AAPL", side: "buy", qty: 5, strategy: "first" });
  await until(
    async () => (await apple())?.qty === "5",
    () => `AAPL was not bought:\n${house.output()}`,
  );
  const { key, cash } = await theirs();
  await control("/dividends", "POST", { symbol: "AAPL", per_share: "0.5" });
  await control("/splits", "POST", { symbol: "AAPL", from: 1, to: 4 });
  await control(`/accounts/${key}/transfers`, "POST", { amount: "-1000" });
  await reconcile();
  await until(
    async () => (await adjustments()).length >= 4,
    () => `not all is recorded:\n${house.output()}`,
  );
  const recorded = await adjustments();
  // The five shares are all of the strategy's: nothing of the split is left for nobody.
  expect(recorded).toEqual([
    "dividend 0 2.5 -",
    "split 0 0 -",
    "split 15 0 first",
    "transfer 0 -1000 -",
  ]);
  await agree(cash);
  await look();
  await look();
  expect(await adjustments()).toEqual(recorded);
  await agree(cash);
  const { differences } = await ours<{ differences: readonly { kind: string }[] }>(
    "/reconciliation",
  );
  expect(differences.filter(({ kind }) => kind !== "order")).toEqual([]);
}, 120_000);

/** Cash, quantity and average, to the last digit. */
async function agree(before: string): Promise<void> {
  const { cash, positions } = await theirs();
  expect(cash).toBe(
    Decimal.of(before).plus(Decimal.of("2.5")).minus(Decimal.of("1000")).toString(),
  );
  const { data } = await ours<{ data: readonly { cash: string }[] }>("/portfolio");
  expect(data[0]?.cash).toBe(cash);
  const { qty, cost_basis } = positions["AAPL"] ?? {};
  expect(await apple()).toMatchObject({ qty, cost_basis, avg_price: "50.0025" });
  expect(await apple("&strategy=first")).toMatchObject({ qty, cost_basis });
}

/** Compares once more, and waits until that was done. */
async function look(): Promise<void> {
  const lookedAt = async () => (await sql("SELECT reconciled_at FROM account_links"))[0];
  const before = await lookedAt();
  await reconcile();
  await until(
    async () => (await lookedAt()) !== before,
    () => `no look was taken:\n${house.output()}`,
  );
}
