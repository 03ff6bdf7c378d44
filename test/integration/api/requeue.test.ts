// A dead letter is tried again once, whoever asks, and within what the one who asks may do.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { encodeSignal } from "../../../src/domain/codec/signal.ts";
import { asId, type AccountId, type InstrumentId, type SignalId } from "../../../src/domain/ids.ts";
import { apiUnderTest, BASE, type ApiUnderTest } from "../../support/api.ts";
import { newKey } from "../../support/keys.ts";
import { TERMS } from "../../support/orders.ts";

let api: ApiUnderTest;
beforeEach(async () => {
  const rateLimit = { perSecond: 10_000, burst: 10_000 };
  api = await apiUnderTest({ auth: "keys", rateLimit }, { accounts: ["main", "other"] });
});
afterEach(() => api.drop());

interface Scope {
  readonly accounts?: readonly string[];
  readonly max_notional?: string;
}

async function adminKey(name: string, scope: Scope = {}): Promise<string> {
  return (await newKey(api, { ...scope, name })).key;
}

async function letterWith(source: string, body: string, account: string | null = null) {
  const id = api.api.ids.next();
  await api.store.queries`
    INSERT INTO dead_letters (id, source, entry, account_id, body, code, reason, created_at)
    VALUES (${id}, ${source}, ${id}, ${account}, ${body}, 'poison', 'could not be decided', now())`;
  return id;
}

function ownSignal(account: string): string {
  return encodeSignal({
    id: asId<SignalId>(api.api.ids.next()),
    accountId: asId<AccountId>(account),
    instrumentId: asId<InstrumentId>("SIM:AAPL"),
    strategyId: null,
    wish: { kind: "trade", terms: TERMS },
    ...{ reason: null, validUntil: null, onMarketClosed: null },
    ...{ receivedAt: 1, actor: "somebody", traceParent: null },
  });
}

const requeue = (letter: string, key: string) =>
  api.send("POST", `${BASE}/dead-letters/${letter}/requeue`, undefined, { "x-api-key": key });

const signalCount = async () => {
  const [row] = await api.store.queries`SELECT count(*)::int AS count FROM signals`;
  return row?.["count"] as number;
};

describe("a dead letter that is tried again", () => {
  it.each([
    [
      "from outside",
      () =>
        letterWith("trade_signals", '{"symbol":"AAPL","side":"buy","qty":"1","account":"main"}'),
    ],
    ["of our own", () => letterWith("signals", ownSignal("main"), "main")],
  ])("%s is one signal when two people press the button at once", async (_, write) => {
    const keys = [await adminKey("ann"), await adminKey("bob")];
    for (let round = 1; round <= 5; round += 1) {
      const letter = await write();
      const answers = await Promise.all(keys.map((key) => requeue(letter, key)));
      const taken = answers.filter(({ status }) => status === 202);
      expect(taken.length).toBeGreaterThan(0);
      expect(new Set(taken.map(({ body }) => body["requeued_as"])).size).toBe(1);
      expect(await signalCount()).toBe(round);
    }
  });

  it("from outside is read as a request, also where it has the form of a signal of ours", async () => {
    const letter = await letterWith("trade_signals", ownSignal("other"));
    const { status } = await requeue(letter, await adminKey("ann", { accounts: ["main"] }));
    expect(status).toBe(422);
    expect(await signalCount()).toBe(0);
  });

  it("of our own that nobody can read stays a letter", async () => {
    const letter = await letterWith("signals", '{"id":"x"}', "main");
    const { status, body } = await requeue(letter, await adminKey("ann"));
    expect([status, body["code"]]).toEqual([422, "invalid_request"]);
    expect(await signalCount()).toBe(0);
  });

  it("of our own obeys the accounts and the ceiling of the one who asks", async () => {
    const foreign = await letterWith("signals", ownSignal("other"));
    expect((await requeue(foreign, await adminKey("ann", { accounts: ["main"] }))).status).toBe(
      403,
    );
    const large = await letterWith("signals", ownSignal("main"), "main");
    const refused = await requeue(large, await adminKey("bob", { max_notional: "10" }));
    expect(refused.body).toMatchObject({ code: "exceeds_key_limit" });
    expect(await signalCount()).toBe(0);
    expect((await requeue(large, await adminKey("eve"))).status).toBe(202);
  });
});
