// Another robot trades on the account: thousands of its fills wait to be told apart, and hundreds are counted
// with one commit. A commit looks at what it settles and not at all that waits.
import { afterAll, beforeAll, expect, it } from "vitest";
import { PostgresEngineStore } from "../../../src/db/engine-store.ts";
import { WarmConnections } from "../../../src/db/warm-connections.ts";
import type { EventOf } from "../../../src/domain/event.ts";
import { asId, type InstrumentId } from "../../../src/domain/ids.ts";
import { foreignFill } from "../../contract/store-cases/foreign-fills.ts";
import { ACCOUNTS, Desk, MORNING } from "../../contract/store-cases/scene.ts";
import { openStore, type OpenStore } from "./desk.ts";
import { rowsMet } from "./rows-met.ts";
import { acceptedFirst } from "../../support/accepted-first.ts";

const WAITING = 6_000;
const SYMBOLS = 200;
const COUNTED = 500;
/** The fills of twenty symbols are counted, each of them often. */
const SETTLED_SYMBOLS = 20;
const SETTLED = (WAITING / SYMBOLS) * SETTLED_SYMBOLS;

let store: OpenStore;
let desk: Desk;
beforeAll(async () => {
  store = await openStore();
  desk = await Desk.open(acceptedFirst(store.postgres), 0);
  await store.postgres.queries`
    INSERT INTO parked_facts (partition, seq, account_id, description, raw, parked, execution_id, at)
    SELECT 0, 1000000 + n, ${desk.account}, 'a fill of an order nobody knows', '{}',
      json_build_object('instrumentId', 'SIM:S' || n % ${SYMBOLS}::int,
        'execution', json_build_object('id', 'x' || n, 'executedAt', ${MORNING}::bigint)),
      'x' || n, now()
    FROM generate_series(1, ${WAITING}::int) AS n`;
});
afterAll(() => store.close());

function counted(n: number): EventOf<"PositionAdjusted"> {
  const event = foreignFill(`counted-${n}`, `stranger-${n}`);
  const instrumentId = asId<InstrumentId>(`SIM:S${n % SETTLED_SYMBOLS}`);
  return { ...event, adjustment: { ...event.adjustment, instrumentId } };
}

it("meets what it settles, each once", async () => {
  const part = desk.part(Array.from({ length: COUNTED }, (_, n) => counted(n)));
  const { found, met } = await rowsMet(store.postgres.queries, "^parked_facts", (sql) =>
    new PostgresEngineStore(sql, new WarmConnections([sql])).commit([part]),
  );
  expect(found).toEqual([{ result: "committed" }]);
  const left = await store.postgres.queries`
    SELECT count(*)::int AS count FROM parked_facts WHERE settled_at IS NULL`;
  expect(left[0]).toEqual({ count: WAITING - SETTLED });
  expect(met).toBeLessThanOrEqual(2 * SETTLED);
});

it("settles what was filled up to the last correction of its symbol, of its account alone", async () => {
  const sql = store.postgres.queries;
  const park = (seq: number, account: string, executedAt: number) => sql`
    INSERT INTO parked_facts (partition, seq, account_id, description, raw, parked, execution_id, at)
    VALUES (0, ${seq}, ${account}, 'a fill of an order nobody knows', '{}', json_build_object(
      'instrumentId', 'SIM:T', 'execution', json_build_object('executedAt', ${executedAt}::bigint)),
      ${`t${seq}`}, now())`;
  const other = ACCOUNTS[1]?.id ?? "";
  await park(1, desk.account, MORNING + 10);
  await park(2, desk.account, MORNING + 30);
  await park(3, desk.account, MORNING + 31);
  await park(4, other, MORNING + 10);
  const corrected = (at: number) => {
    const event = counted(at);
    const adjustment = { ...event.adjustment, instrumentId: asId<InstrumentId>("SIM:T"), at };
    return { ...event, adjustment };
  };
  await desk.commit(...[5, 30, 20].map((after) => corrected(MORNING + after)));
  const left = await sql`
    SELECT seq::int FROM parked_facts WHERE seq < 10 AND settled_at IS NULL ORDER BY seq`;
  expect(left.map(({ seq }) => seq)).toEqual([3, 4]);
});
