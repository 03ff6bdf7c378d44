// The stream of activities by server-sent events: every trade, fee, dividend, split and transfer, in the
// published shape, with a past.
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Lab } from "./lab.ts";
import { KEYS, openLab } from "./lab.ts";
import { problemWith } from "./schemas.ts";
import { CRYPTO, MARKET, PRICES } from "./wire-case.ts";

interface Told extends Record<string, unknown> {
  readonly event_id: string;
  readonly ref_id: string;
  readonly previous_id?: string;
  readonly activity_type: string;
  readonly activity_subtype?: string;
  readonly details: Record<string, unknown>;
}

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
  await lab.control("POST", "/prices", PRICES);
});
afterEach(() => lab.stop());

async function events(query: string): Promise<Told[]> {
  const response = await fetch(`${lab.running.url}/v2beta1/events/activities${query}`, {
    headers: KEYS,
  });
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  const blocks = (await response.text())
    .split("\n\n")
    .filter((block) => block.startsWith("data: "));
  return blocks.map((block) => JSON.parse(block.slice(6)));
}
const past = () => events(`?since=2026-01-01&until=${new Date(Date.now() + 50).toISOString()}`);

/** The published shape of the details of each. */
const DETAILS: Readonly<Record<string, string>> = {
  TRD: "ActivityV2DetailTRD",
  "DIV CDIV": "CDIVActivityV2",
  "DIV SPD": "DIVSPDActivityV2",
  "SPLIT FSPLIT": "ForwardSplitActivityV2",
  "SPLIT RSPLIT": "ReverseSplitActivityV2",
  CSD: "CSWActivityV2",
  CSW: "CSWActivityV2",
  JNLC: "JNLCActivityV2",
  CFEE: "FEEActivityV2",
  FEE: "FEEActivityV2",
};

test("every activity is told once, in the published shape", async () => {
  await lab.control("PATCH", "/settings", { crypto_fee_rate: "0.0025" });
  await lab.control("POST", "/prices", { AAPL: { ...PRICES.AAPL, ask_size: "5" } });
  await lab.call("POST", "/v2/orders", { ...MARKET, qty: "8" });
  await lab.call("POST", "/v2/orders", CRYPTO);
  await lab.call("POST", "/v2/orders", { ...CRYPTO, side: "sell" });
  await lab.control("POST", "/dividends", { symbol: "AAPL", per_share: "0.1" });
  await lab.control("POST", "/splits", { symbol: "AAPL", from: 1, to: 2 });
  await lab.control("POST", "/splits", { symbol: "AAPL", from: 2, to: 1 });
  for (const sent of [{ amount: "5" }, { amount: "-5" }, { amount: "1", type: "JNLC" }]) {
    await lab.control("POST", "/accounts/lab/transfers", sent);
  }
  await lab.control("POST", "/accounts/lab/transfers", { amount: "-0.02", type: "FEE" });
  const told = await past();
  const names = told.map(({ activity_type, activity_subtype }) =>
    [activity_type, activity_subtype].filter(Boolean).join(" "),
  );
  expect(names).toEqual([
    ...["TRD", "TRD", "CFEE", "TRD", "FEE", "DIV CDIV"],
    ...["SPLIT FSPLIT", "SPLIT FSPLIT", "SPLIT RSPLIT", "SPLIT RSPLIT"],
    ...["CSD", "CSW", "JNLC", "FEE"],
  ]);
  for (const [index, event] of told.entries()) {
    expect(problemWith(event, "ActivityEventV2CommonFields")).toBeNull();
    expect(problemWith(event.details, DETAILS[names[index] ?? ""] ?? "")).toBeNull();
  }
  const ids = told.map(({ event_id }) => event_id);
  expect(ids).toEqual(ids.toSorted());
  expect(new Set([...ids, ...told.map(({ ref_id }) => ref_id)]).size).toBe(ids.length * 2);
  expect(told[0]).toMatchObject({ details: { execution_type: "partial_fill", cum_qty: "5" } });
  expect(told[2]?.details.parent_id).toBe(told[1]?.ref_id);
  const from = await events(`?since_id=${ids[10]}&until_id=${ids[12]}`);
  expect(from.map(({ event_id }) => event_id)).toEqual(ids.slice(11, 13));
});

test("what is taken back or corrected names what was told before", async () => {
  await lab.call("POST", "/v2/orders", MARKET);
  const [fill] = await past();
  await lab.control("POST", `/executions/${fill?.ref_id}/correct`, { price: "199" });
  const corrected = (await past())[1];
  await lab.control("POST", `/executions/${corrected?.ref_id}/bust`);
  const { body } = await lab.control("POST", "/accounts/lab/transfers", { amount: "5" });
  const [{ id } = { id: "" }] = body.entries as { id: string }[];
  await lab.control("POST", `/entries/${id}/correct`, { amount: "4" });
  await lab.control("POST", `/entries/${id}/cancel`);
  const said = (await past()).map((event) => ({
    what: event.details.execution_type ?? event.activity_type,
    status: event.status,
    previous: event.previous_id,
  }));
  expect(said).toEqual([
    { what: "fill", status: "executed", previous: undefined },
    { what: "trade_correct", status: "correct", previous: fill?.ref_id },
    { what: "trade_bust", status: "canceled", previous: corrected?.ref_id },
    { what: "CSD", status: "executed", previous: undefined },
    { what: "CSD", status: "correct", previous: id },
    { what: "CSD", status: "canceled", previous: id },
  ]);
});
