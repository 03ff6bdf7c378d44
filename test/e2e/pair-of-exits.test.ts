// Two exits for a position that is held, through the whole house: asked for by a signal, of which one fills
// at the exchange and the other one is cancelled, so that the position is closed once.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { build, callJson, start, temporaryDirectory, until } from "../support/fillstream.ts";
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

const ours = <Body>(path: string, body?: object) =>
  callJson<Body>(`${house.url}/api/v1/trading${path}`, body);
const price = (symbol: string, value: string) =>
  callJson(`${exchange}/control/prices`, { [symbol]: value });

interface Order {
  readonly role: string;
  readonly type: string;
  readonly status: string;
  readonly filled_qty: string;
}

async function held(symbol: string): Promise<string> {
  const query = `/positions?symbol=${symbol}&strategy=pairs&include_closed=true`;
  const { data } = await ours<{ data: { symbol: string; qty: string }[] }>(query);
  return data.find((each) => each.symbol === symbol)?.qty ?? "none";
}

async function exits(symbol: string): Promise<readonly string[]> {
  const { data } = await ours<{ data: Order[] }>(`/orders?symbol=${symbol}&side=sell`);
  return data.map((order) => `${order.type} ${order.status} ${order.filled_qty}`).toSorted();
}

const becomes = (what: () => Promise<unknown>, wanted: unknown) =>
  until(
    async () => JSON.stringify(await what()) === JSON.stringify(wanted),
    () => `it did not become ${JSON.stringify(wanted)}:\n${house.output()}`,
  );

async function holdWithPair(symbol: string): Promise<void> {
  await price(symbol, "200");
  await ours("/signal", { symbol, side: "buy", qty: 5, strategy: "pairs" });
  await becomes(() => held(symbol), "5");
  await ours("/signal", {
    ...{ symbol, side: "sell", qty: 5, strategy: "pairs", order_class: "oco" },
    ...{ take_profit: { limit_price: "210" }, stop_loss: { stop_price: "190" } },
  });
  await becomes(() => exits(symbol), ["limit accepted 0", "stop accepted 0"]);
}

describe("a pair of exits", () => {
  test("whose profit comes is closed by it, and its stop is cancelled", async () => {
    await holdWithPair("AAPL");
    await price("AAPL", "211");
    await becomes(() => exits("AAPL"), ["limit filled 5", "stop cancelled 0"]);
    expect(await held("AAPL")).toBe("0");
  }, 120_000);

  test("whose stop comes is closed by it, and its profit is cancelled", async () => {
    await holdWithPair("MSFT");
    await price("MSFT", "189");
    await becomes(() => exits("MSFT"), ["limit cancelled 0", "stop filled 5"]);
    expect(await held("MSFT")).toBe("0");
  }, 120_000);
});
