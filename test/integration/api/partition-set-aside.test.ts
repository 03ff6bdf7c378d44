// A partition with a fault is its own accounts' trouble: the others trade on, however long it waits.
import { afterAll, beforeAll, expect, it } from "vitest";
import { asId, type AccountId } from "../../../src/domain/ids.ts";
import { partitionOf } from "../../../src/domain/partition.ts";
import { apiUnderTest, BASE, PARTITIONS, type ApiUnderTest } from "../../support/api.ts";

const BROKEN = "main";
const partition = partitionOf(asId<AccountId>(BROKEN), PARTITIONS);
const names = Array.from({ length: 20 }, (_, index) => `other${index}`);
const SOUND = names.find((id) => partitionOf(asId<AccountId>(id), PARTITIONS) !== partition) ?? "";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest({}, { accounts: [BROKEN, SOUND] });
});
afterAll(() => api.drop());

const signalFor = (account: string) => ({ symbol: "AAPL", side: "sell", qty: 1, account });

function signal(account: string) {
  return api.send("POST", `${BASE}/signal`, signalFor(account));
}

it("its own signals are refused, those of the others are taken, and commands for all", async () => {
  expect((await signal(BROKEN)).status).toBe(202);
  await api.store.queries`UPDATE signals SET received_at = received_at - interval '1 hour'`;
  const backlog = () => api.api.admission.backlog;
  const soon = { timeout: 20_000 };
  await expect.poll(() => backlog().oldestMs, soon).toBeGreaterThan(60_000);
  await api.store.queries`
    UPDATE partitions SET fault = 'its book is broken', faulted_at = now()
    WHERE partition = ${partition}`;
  await expect.poll(() => [...backlog().setAside], soon).toEqual([partition]);
  expect(backlog()).toMatchObject({ waiting: 0, oldestMs: null });

  expect((await signal(SOUND)).status).toBe(202);
  const refused = await signal(BROKEN);
  expect([refused.status, refused.body["code"]]).toEqual([503, "set_aside"]);
  expect(refused.body["detail"]).toContain(`partition ${partition}`);
  expect(refused.headers.get("retry-after")).not.toBeNull();
  const signals = [BROKEN, SOUND, BROKEN, SOUND].map(signalFor);
  const { status, body } = await api.send("POST", `${BASE}/signals`, { signals });
  expect([status, body["accepted"], body["refused"]]).toEqual([207, 2, 2]);
  expect(body["data"]).toMatchObject([
    { problem: { code: "set_aside" } },
    { account: SOUND },
    { problem: { code: "set_aside" } },
    { account: SOUND },
  ]);
  const stored = await api.store.queries`
    SELECT account_id, count(*)::int AS count FROM signals GROUP BY 1 ORDER BY count`;
  expect(stored.map((row) => [row["account_id"], row["count"]])).toEqual([
    [BROKEN, 1],
    [SOUND, 3],
  ]);
  const cancel = await api.send("DELETE", `${BASE}/orders?account=${BROKEN}`);
  expect(cancel.status).toBe(202);

  const house = await api.send("GET", "/api/health/detailed");
  expect(house.body["problems"]).toContainEqual(
    expect.stringMatching(/waits for its decision/) as string,
  );
  const resumed = await api.send("POST", `${BASE}/partitions/${partition}/resume`, {
    reason: "looked",
  });
  expect(resumed.status).toBe(200);
  await expect.poll(() => backlog().setAside.size, soon).toBe(0);
});
