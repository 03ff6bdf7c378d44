// What users see of a position: the fold joined with its mark.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import { savePortfolioSnapshots } from "../../../src/db/maintenance.ts";
import { portfolioSums } from "../../../src/db/queries/accounts.ts";
import { AAPL, accepted, Desk, executed, MORNING } from "../../contract/store-cases/scene.ts";
import { openStore, type OpenStore } from "./desk.ts";
import { acceptedFirst } from "../../support/accepted-first.ts";

let store: OpenStore;
let desk: Desk;
beforeAll(async () => {
  store = await openStore();
  desk = await Desk.open(acceptedFirst(store.postgres), 0);
  await desk.commit(...desk.placing(1), accepted(1), executed(1, "a"));
});
afterAll(() => store.close());

async function seen() {
  const [row] = await store.postgres.queries`
    SELECT symbol, venue, currency, qty, avg_price, last_price, market_value, unrealized_pnl,
      realized_pnl FROM positions WHERE strategy_id IS NULL`;
  return row;
}
const EVERY = { accounts: null };
const sums = async () => (await portfolioSums(store.postgres.queries, EVERY))[0];

async function snapshot() {
  const sql = store.postgres.queries;
  await sql`INSERT INTO account_states (account_id, partition, observed_at, reference_counter, updated_at)
    SELECT id, partition, now(), 0, now() FROM accounts ON CONFLICT (account_id) DO NOTHING`;
  await sql`UPDATE account_states SET observed_at = now()`;
  await savePortfolioSnapshots(sql, MORNING);
  const [row] = await sql`SELECT trim_scale(unrealized_pnl) AS unrealized_pnl, unpriced
    FROM portfolio_snapshots WHERE open_positions > 0`;
  return row;
}
const D = (text: string) => Decimal.of(text);

describe("a position", () => {
  it("has no value without a price", async () => {
    expect(await seen()).toEqual({
      symbol: "AAPL",
      venue: "XNYS",
      currency: "USD",
      qty: "4",
      avg_price: "99.5",
      last_price: null,
      market_value: null,
      unrealized_pnl: null,
      realized_pnl: "-0.01",
    });
  });

  it("is worth what the last trade says, to the last decimal", async () => {
    const { marks } = store.postgres;
    await marks.saveMarks([
      { instrumentId: AAPL, bid: D("1"), ask: D("2"), last: D("100.123456789"), at: MORNING },
    ]);
    expect(await seen()).toMatchObject({
      last_price: "100.123456789",
      market_value: "400.493827156",
      unrealized_pnl: "2.493827156",
    });
  });

  it("is worth the middle of the quote where nothing was traded", async () => {
    const { marks } = store.postgres;
    await marks.saveMarks([
      { instrumentId: AAPL, bid: D("100"), ask: D("100.05"), last: null, at: MORNING + 1 },
    ]);
    expect(await seen()).toMatchObject({ last_price: "100.025", unrealized_pnl: "2.1" });
  });

  it("keeps the later of two marks, in whatever order they are saved", async () => {
    const { marks } = store.postgres;
    const mark = (last: string, at: number) => ({
      instrumentId: AAPL,
      bid: null,
      ask: null,
      last: D(last),
      at,
    });
    await marks.saveMarks([mark("110", MORNING + 9), mark("108", MORNING + 7)]);
    await marks.saveMarks([mark("105", MORNING + 5)]);
    expect(await seen()).toMatchObject({ last_price: "110" });
  });

  it("keeps its value when one side of the quote is empty", async () => {
    const { marks } = store.postgres;
    const side = { instrumentId: AAPL, bid: null, ask: D("120"), last: null };
    const traded = { ...side, ask: null, last: D("110"), at: MORNING + 9 };
    await marks.saveMarks([{ ...side, at: MORNING + 11 }, traded]);
    expect(await seen()).toMatchObject({ last_price: "110" });
    await marks.saveMarks([{ ...side, at: MORNING + 12 }]);
    expect(await seen()).toMatchObject({ last_price: "110" });
    await marks.saveMarks([{ ...side, bid: D("118"), at: MORNING + 13 }]);
    expect(await seen()).toMatchObject({ last_price: "119" });
  });

  it("has no value by a price from before its split, there and in the sums, until a new one", async () => {
    await desk.commit({
      type: "PositionAdjusted",
      adjustment: {
        ...{ id: "split", kind: "split", instrumentId: AAPL, strategyId: null },
        ...{ quantity: D("12"), price: null, amount: D("0"), source: "test", at: MORNING + 20 },
      },
    });
    const unknown = { last_price: null, market_value: null, unrealized_pnl: null };
    expect(await seen()).toMatchObject({ qty: "16", ...unknown });
    expect(await sums()).toMatchObject({ unrealized_pnl: "0", unpriced: 1 });
    expect(await snapshot()).toMatchObject({ unrealized_pnl: null, unpriced: 1 });

    const mark = { instrumentId: AAPL, bid: null, ask: null, last: D("25"), at: MORNING + 20 };
    await store.postgres.marks.saveMarks([mark]);
    expect(await seen()).toMatchObject({ last_price: "25", unrealized_pnl: "2" });
    expect(await sums()).toMatchObject({ unrealized_pnl: "2", unpriced: 0 });
    expect(await snapshot()).toMatchObject({ unrealized_pnl: "2", unpriced: 0 });
  });
});
