// What limits on pace and repetition look back at is found by the time in its ids, however long the past is.
import { afterAll, beforeAll, expect, it } from "vitest";
import { readCashSteps } from "../../../src/db/engine/fills-since-cash.ts";
import { readRepeatable } from "../../../src/db/engine/recent-orders.ts";
import type { Transaction } from "../../../src/db/client.ts";
import { openStore, type OpenStore } from "./desk.ts";
import { ACCOUNT, writeHistory, writeLog } from "./many-rows.ts";
import { rowsMet } from "./rows-met.ts";

const COUNT = 40_000;
/** One a second: of the last two minutes, and by their ids of an hour before that. */
const LOOKED_BACK = 120;
/** Half of the five thousand events at the end of the log. */
const FILLS = 2_500;
const MET = 3_600 + LOOKED_BACK + 1;

let store: OpenStore;
beforeAll(async () => {
  store = await openStore();
  const sql = store.postgres.queries;
  await writeHistory(sql, COUNT);
  await writeLog(sql);
  await sql`SET session_replication_role = replica`;
  await sql`
    INSERT INTO account_states (account_id, partition, day_orders_placed, day_loss_limit_crossed,
      reference_counter, last_placed_at, updated_at)
    SELECT ${ACCOUNT}, 0, 0, false, 0, max(placed_at), max(placed_at) FROM orders
    ON CONFLICT (account_id) DO UPDATE SET partition = 0, last_placed_at = excluded.last_placed_at`;
  // One of the last was changed since: the log says what its signal asked for.
  await sql`
    UPDATE orders SET generation = 2, qty = 9, instrument_id = 'SIM:CHANGED'
    WHERE placed_seq = ${COUNT - 1}`;
  await sql`SET session_replication_role = origin`;
  await sql`ANALYZE orders`;
  // As on a slow disk: what is guessed to be a third of the log would be read from its beginning.
  await sql`SET random_page_cost = 40`;
});
afterAll(() => store.close());

it("without reading the past, and as the signals asked", async () => {
  const { found, met } = await rowsMet(store.postgres.queries, "^(orders|order_events)", (sql) =>
    // What it is given is one.
    readRepeatable(sql as unknown as Transaction, 0),
  );
  expect(found).toHaveLength(41);
  expect(found.find((row) => row.instrument_id === "SIM:CHANGED")).toMatchObject({ qty: "7" });
  expect(met).toBeLessThanOrEqual(MET + 2);
});

it("and the fills since the cash agreed last by the end of the log", async () => {
  const { found, met } = await rowsMet(store.postgres.queries, "^order_events", (sql) =>
    readCashSteps(sql as unknown as Transaction, 0),
  );
  expect(found).toHaveLength(FILLS);
  expect(met).toBeLessThanOrEqual(5_000);
});
