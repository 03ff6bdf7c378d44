// A look names thousands of orders: each is found by its key, however many there are and however old the
// statistics by which the planner guesses.
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadOrders, loadSettled } from "../../../src/db/engine/load-orders.ts";
import { asId, type AccountId, type BrokerOrderId } from "../../../src/domain/ids.ts";
import type { BrokerReference } from "../../../src/domain/ids.ts";
import { openStore, type OpenStore } from "./desk.ts";
import { ACCOUNT, writeHistory } from "./many-rows.ts";
import { rowsMet } from "./rows-met.ts";

const COUNT = 40_000;
const NAMED = 3_000;
const ACCOUNT_ID = asId<AccountId>(ACCOUNT);
const ids = Array.from({ length: NAMED }, (_, index) => asId<BrokerOrderId>(`broker-${index + 1}`));
const references = ids.map((id) => asId<BrokerReference>(id));

let store: OpenStore;
beforeAll(async () => {
  store = await openStore();
  const sql = store.postgres.queries;
  await writeHistory(sql, COUNT);
  await sql`INSERT INTO broker_orders (account_id, broker_order_id, order_id)
    SELECT account_id, 'broker-' || placed_seq, id FROM orders`;
  await sql`INSERT INTO broker_references (account_id, reference, order_id)
    SELECT account_id, 'broker-' || placed_seq, id FROM orders`;
  await sql`ANALYZE broker_orders, broker_references`;
});
afterAll(() => store.close());

it("those that are closed, in a few figures", async () => {
  const { found, met } = await rowsMet(store.postgres.queries, "^(broker_|orders)", (sql) =>
    loadSettled(sql, ACCOUNT_ID, [...ids, asId<BrokerOrderId>("of somebody else")]),
  );
  expect(found).toHaveLength(NAMED);
  expect(found[0]).toMatchObject({ brokerOrderId: "broker-1" });
  // Its name, and the order itself.
  expect(met).toBeLessThanOrEqual(2 * NAMED);
});

it.each([
  ["by the broker's ids", { ids: [], references: [], brokerOrderIds: ids }],
  ["by references", { ids: [], references, brokerOrderIds: [] }],
])("whole ones, %s", async (_, names) => {
  const { found, met } = await rowsMet(
    store.postgres.queries,
    "^(broker_|orders|executions)",
    (sql) => loadOrders(sql, ACCOUNT_ID, names),
  );
  expect(found).toHaveLength(NAMED);
  expect(met).toBeLessThanOrEqual(2 * NAMED);
});
