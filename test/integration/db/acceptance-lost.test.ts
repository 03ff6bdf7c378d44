// The connection is lost while an acceptance still waits in the server: what the server then does
// after all is told to the sender, once.
import { afterAll, beforeAll, expect, it } from "vitest";
import { PostgresAcceptance } from "../../../src/db/accept.ts";
import { connect, type Sql } from "../../../src/db/client.ts";
import { signalOf } from "../../contract/store-cases/acceptance.ts";
import { behindProxy, type BehindProxy } from "../../support/behind-proxy.ts";
import { openStore, type OpenStore } from "./desk.ts";

const NAME = "loses its answers";

let store: OpenStore;
let way: BehindProxy;
let sql: Sql;

beforeAll(async () => {
  store = await openStore();
  way = await behindProxy(store.url);
  sql = connect({ url: way.url, maxConnections: 1, name: NAME });
});
afterAll(async () => {
  await sql.end({ timeout: 0 });
  await way.proxy.close();
  await store.close();
});

/** Until so many acceptances of ours stand in line for a lock in the server. */
async function standInLine(count: number): Promise<void> {
  for (;;) {
    const rows = await store.postgres.queries`
      SELECT FROM pg_stat_activity WHERE application_name = ${NAME}
        AND wait_event_type = 'Lock' AND strpos(query, 'fillstream_accept') > 0`;
    if (rows.length === count) return;
  }
}

it.each([
  ["without a key", null, 1],
  ["beside one with a key", "a key", 3],
])("a signal %s that was stored after all is accepted", async (_, key, first) => {
  const batch = [signalOf(first), signalOf(first + 1, 0, key)];
  const acceptance = new PostgresAcceptance(sql);
  const { answers } = await store.postgres.queries.begin(async (lock) => {
    await lock`SELECT FROM acceptance_counters FOR UPDATE`;
    const asked = Promise.allSettled([acceptance.accept(batch)]);
    await standInLine(1);
    way.proxy.turn("cut");
    way.proxy.turn("open");
    // The server goes on with the first; what is sent again waits behind it.
    await standInLine(2);
    return { answers: asked };
  });
  const stored = batch.map(({ id }, index) => ({
    result: "accepted",
    id,
    number: first + index,
  }));
  expect(await answers).toEqual([{ status: "fulfilled", value: stored }]);
  const rows = await store.postgres.queries`SELECT id FROM signals ORDER BY number`;
  expect(rows.slice(first - 1).map(({ id }) => String(id))).toEqual(batch.map(({ id }) => id));
});
