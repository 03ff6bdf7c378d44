// Prices from a QuestDB, through the whole house: a good one moves the position, a crossed or an old one
// does not, and no entry is priced by it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { startFakeQuestDb, TICK_COLUMNS, type FakeQuestDb } from "../support/fake-questdb.ts";
import { build, start, temporaryDirectory, until, type Start } from "../support/fillstream.ts";

interface Tick {
  readonly bid: string;
  readonly ask: string;
  readonly last: string;
  /** How old the tick is whenever it is asked for. */
  readonly ageMs?: number;
}

const HOUR_MS = 3_600_000;

const directory = temporaryDirectory();
/** The mock account holds some bitcoin from the beginning: what it is worth must be known as well. */
const ticks = new Map<string, Tick>([
  ["AAPL", { bid: "99.9", ask: "100.1", last: "100" }],
  ["BTC/USD", { bid: "59999", ask: "60001", last: "60000" }],
]);
let quest: FakeQuestDb;
let house: Start;

beforeAll(async () => {
  build();
  quest = await startFakeQuestDb(() => ({
    columns: TICK_COLUMNS,
    rows: [...ticks].map(([symbol, { bid, ask, last, ageMs = 0 }]) => [
      ...[symbol, new Date(Date.now() - ageMs).toISOString().replace("T", " ").replace("Z", "")],
      ...[bid, ask, last],
    ]),
  }));
  house = await start(directory.path, { QUESTDB_URL: quest.url, PRICES_EVERY_MS: "1000" });
  await house.ready();
});
afterAll(async () => {
  house.process.kill("SIGTERM");
  await house.ended();
  await quest.stop();
  directory.remove();
});

async function get<Body>(path: string): Promise<Body> {
  return (await (await fetch(`${house.url}/api/v1/trading${path}`)).json()) as Body;
}

async function signal(symbol: string): Promise<string> {
  const response = await fetch(`${house.url}/api/v1/trading/signal`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ symbol, side: "buy", qty: 5 }),
  });
  expect(response.status).toBe(202);
  return ((await response.json()) as { id: string }).id;
}

interface Position {
  readonly symbol: string;
  readonly last_price: string | null;
  readonly market_value: string | null;
}

async function valueOfApple(): Promise<readonly [string | null, string | null] | undefined> {
  const { data } = await get<{ data: readonly Position[] }>("/positions");
  const found = data.find(({ symbol }) => symbol === "AAPL");
  return found === undefined ? undefined : [found.last_price, found.market_value];
}

const isWorth = (price: string, value: string) =>
  until(
    async () => JSON.stringify(await valueOfApple()) === JSON.stringify([price, value]),
    () => `AAPL is not worth ${value}:\n${house.output()}`,
  );

/** Asked for again three times: the answer that came before them was taken, or left, by then. */
async function threeLooks(): Promise<void> {
  const from = quest.queries.length;
  await until(
    () => quest.queries.length >= from + 3,
    () => "no prices are asked for",
  );
}

test("a position is worth what its newest good price says", async () => {
  await signal("AAPL");
  await isWorth("100", "500");
  ticks.set("AAPL", { bid: "119.9", ask: "120.1", last: "120" });
  await isWorth("120", "600");

  ticks.set("AAPL", { bid: "150", ask: "140", last: "145" });
  await threeLooks();
  expect(await valueOfApple()).toEqual(["120", "600"]);

  ticks.set("AAPL", { bid: "89.9", ask: "90.1", last: "90", ageMs: HOUR_MS });
  await threeLooks();
  expect(await valueOfApple()).toEqual(["120", "600"]);

  ticks.set("AAPL", { bid: "109.9", ask: "110.1", last: "110" });
  await isWorth("110", "550");
});

interface Order {
  readonly signal_id: string;
  readonly status: string;
  readonly reject_code: string | null;
}

test("an entry waits for a price, and an old one or a crossed quote is none", async () => {
  const old = { bid: "400", ask: "400.1", last: "400", ageMs: HOUR_MS };
  const crossed = { bid: "410", ask: "400", last: "405" };
  for (const [symbol, tick, code] of [
    ["MSFT", old, "quote_age_max_ms"],
    ["NVDA", crossed, "no_reference_price"],
  ] as const) {
    ticks.set(symbol, tick);
    const id = await signal(symbol);
    let order: Order | undefined;
    await until(
      async () => {
        const { data } = await get<{ data: readonly Order[] }>(`/orders?symbol=${symbol}`);
        order = data.find(({ signal_id: of }) => of === id);
        return order?.status === "rejected";
      },
      () => `the order became ${JSON.stringify(order)}`,
    );
    expect(order?.reject_code).toBe(code);
  }
});
