// What a page costs: about the rows that it shows, however many there are behind it.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type Sql } from "../../../src/db/client.ts";
import { portfolioHistory } from "../../../src/db/queries/accounts.ts";
import { countOrders, listOrders } from "../../../src/db/queries/orders.ts";
import { positionHistory } from "../../../src/db/queries/positions.ts";
import { pricedInstruments } from "../../../src/db/queries/priced-instruments.ts";
import { countSignals, listSignals } from "../../../src/db/queries/signals.ts";
import { settlePartitions } from "../../../src/db/deployment.ts";
import type { OrderFilter, SignalFilter } from "../../../src/ports/queries.ts";
import { freshDatabase, type FreshDatabase } from "../../support/fresh.ts";
import { ACCOUNT, RARE, rowsRead, writeHistory } from "./many-rows.ts";

const HISTORY = 30_000;
const PAGE = { limit: 50, after: null, offset: 0 };
/** A tenth of what a table read whole would give; where one of forty rows fits, a page may pass by the rest. */
const FEW = 3_000;
const OF_ORDERS: OrderFilter = {
  ...{ accounts: [ACCOUNT], statuses: null, instruments: null, side: null, strategy: null },
  ...{ signalId: null, from: null, to: null },
};
const OF_SIGNALS: SignalFilter = {
  ...{
    accounts: [ACCOUNT],
    outcome: null,
    instruments: null,
    strategy: null,
    from: null,
    to: null,
  },
};

let database: FreshDatabase;
let sql: Sql;
beforeAll(async () => {
  database = await freshDatabase();
  sql = connect({ url: database.url, name: "listings", maxConnections: 1 });
  await settlePartitions(sql, 16);
  await writeHistory(sql, HISTORY);
});
afterAll(async () => {
  await sql.end();
  await database.drop();
});

describe("a page of orders reads little", () => {
  it.each<[string, Partial<OrderFilter>]>([
    ["without a filter", {}],
    ["of a symbol", { instruments: ["SIM:S1"] }],
    ["of a rare symbol", { instruments: [RARE] }],
    ["of a status", { statuses: ["filled"] }],
    ["of a rare status", { statuses: ["expired"] }],
    ["that are open", { statuses: ["pending", "submitted", "accepted", "partially_filled"] }],
    ["of a rare strategy", { strategy: "rare" }],
    ["of a side", { side: "buy" }],
    ["of all accounts", { accounts: [ACCOUNT, "other"] }],
  ])("%s", async (_name, asked) => {
    const filter = { ...OF_ORDERS, ...asked };
    expect(await rowsRead(sql, () => listOrders(sql, filter, PAGE))).toBeLessThan(FEW);
  });

  it("also far down, by a cursor", async () => {
    const [last] = await listOrders(sql, OF_ORDERS, { ...PAGE, offset: HISTORY - 200 });
    const page = { ...PAGE, after: last?.id ?? "" };
    expect(await rowsRead(sql, () => listOrders(sql, OF_ORDERS, page))).toBeLessThan(FEW);
  });

  it("and so does counting the open ones", async () => {
    const filter = { ...OF_ORDERS, statuses: ["pending", "accepted"] };
    expect(await rowsRead(sql, () => countOrders(sql, filter, 10_000))).toBeLessThan(FEW);
  });
});

describe("a page of signals reads little", () => {
  it.each<[string, Partial<SignalFilter>, number]>([
    ["without a filter", {}, 50],
    ["of a symbol", { instruments: ["SIM:S1"] }, 50],
    ["of a rare symbol", { instruments: [RARE] }, 50],
    ["of a rare strategy", { strategy: "rare" }, 50],
    ["of a rare outcome", { outcome: "nothing_to_do" }, 50],
    ["that wait", { outcome: "waiting" }, 0],
  ])("%s", async (_name, asked, shown) => {
    const filter = { ...OF_SIGNALS, ...asked };
    let rows = -1;
    const read = async () => (rows = (await listSignals(sql, filter, PAGE)).length);
    expect(await rowsRead(sql, read)).toBeLessThan(FEW);
    expect(rows).toBe(shown);
  });

  it("also by number, where none is looked up that is passed over", async () => {
    const page = { ...PAGE, offset: 2_000 };
    expect(await rowsRead(sql, () => listSignals(sql, OF_SIGNALS, page))).toBeLessThan(FEW);
  });

  it("and so does counting those that wait", async () => {
    const filter = { ...OF_SIGNALS, outcome: "waiting" };
    expect(await rowsRead(sql, () => countSignals(sql, filter, 10_000))).toBeLessThan(FEW);
  });
});

it("signals that wait are found behind the last number decided, and only those", async () => {
  await sql`UPDATE partitions SET decided_signals = ${HISTORY - 5} WHERE partition = 0`;
  await sql`DELETE FROM decisions WHERE number > ${HISTORY - 3}`;
  const filter = { ...OF_SIGNALS, outcome: "waiting" };
  const found = await listSignals(sql, filter, PAGE);
  expect(found.map(({ number }) => number)).toEqual([HISTORY, HISTORY - 1, HISTORY - 2]);
  expect(await countSignals(sql, filter, 10_000)).toBe(3);
});

it("a position's past is read from its newest version on", async () => {
  const filter = { accounts: [ACCOUNT], instruments: ["SIM:S1"], strategy: null };
  const read = () => positionHistory(sql, filter, PAGE);
  expect(await rowsRead(sql, read)).toBeLessThan(FEW);
});

it("the curve of all accounts is read from its newest point on", async () => {
  const filter = { accounts: [ACCOUNT, "other"], from: null, to: null };
  expect(await rowsRead(sql, () => portfolioHistory(sql, filter, 200))).toBeLessThan(FEW);
});

it("which prices are wanted does not depend on the orders of the past", async () => {
  expect(await rowsRead(sql, () => pricedInstruments(sql))).toBeLessThan(FEW);
});

it("what was left to others is priced until it is given back", async () => {
  await sql`
    INSERT INTO instruments (id, venue, symbol, asset_class, currency, ticks, lot, fractionable, shortable, tradable)
    VALUES (${RARE}, 'SIM', 'RARE', 'stock', 'USD', '[]', '1', true, true, true) ON CONFLICT DO NOTHING`;
  const ids = async () => (await pricedInstruments(sql)).map(({ id }) => id);
  const accept = (seq: number, theirs: string) => sql`
    INSERT INTO differences (partition, seq, account_id, kind, subject, ours, theirs, action, at)
    VALUES (0, ${seq}, ${ACCOUNT}, 'position_accepted', ${RARE}, '0', ${theirs}, 'left to others', now())`;
  const before = await ids();
  expect(before).not.toContain(RARE);
  await accept(900_001, "100");
  expect(await ids()).toContain(RARE);
  await accept(900_002, "0");
  expect(await ids()).toEqual(before);
});
