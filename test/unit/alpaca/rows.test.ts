// A row of the account's past that cannot be read: the others count, it is told by its id and nothing of what
// it says, and it is asked for again before it is passed over.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAlpacaAccount } from "../../../src/brokers/alpaca/account.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { AccountId } from "../../../src/domain/ids.ts";
import { BrokerUnavailable } from "../../../src/ports/broker.ts";
import { realClock } from "../../support/real-clock.ts";
import { endpointOf, startScriptedAlpaca } from "../../support/scripted-alpaca.ts";
import type { ScriptedAlpaca } from "../../support/scripted-alpaca.ts";
import { directory, fixture, RULES } from "./fixtures.ts";
import { wholeOf } from "../../support/pages.ts";

const HOUR_MS = 60 * 60_000;
const recorded = fixture<Record<string, object>>("recorded");
const fill = (id: string, more: object = {}) => ({ ...recorded["activity_fill"], id, ...more });
const dividend = (id: string, more: object = {}) => ({
  ...recorded["activity_dividend"],
  id,
  ...more,
});

let alpaca: ScriptedAlpaca;
let later = 0;
beforeEach(async () => {
  later = 0;
  alpaca = await startScriptedAlpaca();
});
afterEach(() => alpaca.stop());

function reader() {
  const port = createAlpacaAccount({
    accountId: asId<AccountId>("paper"),
    ...endpointOf(alpaca),
    clock: { ...realClock, monotonic: () => realClock.monotonic() + later },
    directory,
    rules: RULES,
    callTimeoutMs: 2_000,
  });
  const told: string[] = [];
  const call = {
    signal: new AbortController().signal,
    onUnreadable: (_raw: string, cause: string) => told.push(cause),
  };
  const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);
  return {
    told,
    fills: async (since: number) =>
      ids(await wholeOf(port.executionsSince(since, call))).map((id) =>
        id.replace("alpaca-activity:", ""),
      ),
    entries: async (since: number) => ids(await port.activitiesSince(since, call)),
  };
}

const answer = (...body: readonly unknown[]) => (alpaca.script = () => ({ status: 200, body }));
const asked = () => alpaca.requests.map(({ query }) => Date.parse(query.get("after") ?? ""));

describe("a fill that cannot be read", () => {
  it.each([
    ["price", { price: "secret" }],
    ["side", { side: "secret" }],
    ["transaction_time", { transaction_time: "secret" }],
    ["qty", { qty: null }],
  ])("at its %s leaves the others, and is told once by its id", async (where, wrong) => {
    answer(fill("f-1"), fill("f-2", wrong), fill("f-3"));
    const { fills, told } = reader();
    expect(await fills(10_000)).toEqual(["f-1", "f-3"]);
    expect(await fills(10_000)).toEqual(["f-1", "f-3"]);
    expect(told).toEqual([`the fill f-2 cannot be read at ${where}`]);
  });

  it("without an id, or that is no row at all, is told as such", async () => {
    answer(fill("f-1"), { price: "1" }, null, fill("f-2"));
    const { fills, told } = reader();
    expect(await fills(10_000)).toEqual(["f-1", "f-2"]);
    expect(told).toEqual([
      "a fill without an id cannot be read at id",
      "a fill without an id cannot be read",
    ]);
  });

  it("is asked for again from where it was first seen, until it can be read", async () => {
    answer(fill("f-1", { price: "secret" }));
    const { fills, told } = reader();
    await fills(1_000_000);
    await fills(2_000_000);
    answer(fill("f-1"));
    expect(await fills(3_000_000)).toEqual(["f-1"]);
    await fills(4_000_000);
    expect(asked()).toEqual([999_999, 999_999, 999_999, 3_999_999]);
    expect(told).toHaveLength(1);
  });

  it("is passed over after an hour, and that is told too", async () => {
    answer(fill("f-1", { price: "secret" }));
    const { fills, told } = reader();
    await fills(1_000_000);
    later = HOUR_MS + 1;
    await fills(2_000_000);
    await fills(3_000_000);
    expect(asked()).toEqual([999_999, 1_999_999, 2_999_999]);
    expect(told).toEqual([
      "the fill f-1 cannot be read at price",
      "the fill f-1 could not be read for an hour and is passed over: what it moved shows as a difference",
    ]);
  });

  it("at the end of a page hides no later page", async () => {
    const all = Array.from({ length: 150 }, (_, index) => fill(`f-${index}`));
    const bad: readonly unknown[] = all.map((row, index) => {
      if (index === 98) return { ...row, price: "secret" };
      return index === 99 ? { price: "1" } : row;
    });
    alpaca.script = ({ query }) => {
      const token = query.get("page_token");
      const from = token === null ? 0 : all.findIndex(({ id }) => id === token) + 1;
      return { status: 200, body: bad.slice(from, from + 100) };
    };
    const { fills, told } = reader();
    expect(await fills(10_000)).toHaveLength(148);
    expect(told).toHaveLength(2);
  });
});

describe("an entry that cannot be read", () => {
  it("leaves the others, and is told once by its id", async () => {
    answer(dividend("d-1", { net_amount: "secret" }), dividend("d-2"));
    const { entries, told } = reader();
    expect(await entries(10_000)).toEqual(["d-2"]);
    expect(await entries(10_000)).toEqual(["d-2"]);
    expect(told).toEqual(["the entry d-1 cannot be read at net_amount"]);
  });

  it("is half of a split: the other half alone waits", async () => {
    const half = (id: string, qty: string) => dividend(id, { activity_type: "SPLIT", qty });
    answer(half("s-1", "-10"), half("s-2", "secret"));
    const { entries, told } = reader();
    expect(await entries(10_000)).toEqual(["s-1"]);
    expect(told).toEqual(["the entry s-2 cannot be read at qty"]);
  });
});

it("what is no list at all is no answer", async () => {
  alpaca.script = () => ({ status: 200, body: { id: "f-1" } });
  await expect(reader().fills(10_000)).rejects.toThrow(BrokerUnavailable);
});
