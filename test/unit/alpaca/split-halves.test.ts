import { describe, expect, it } from "vitest";
import { activitiesSchema } from "../../../src/brokers/alpaca/schema.ts";
import { joinSplits } from "../../../src/brokers/alpaca/split-halves.ts";
import { activityStatusOf } from "../../../src/brokers/alpaca/words.ts";

const half = (id: string, qty: string, more: object = {}) => ({
  id,
  activity_type: "SPLIT",
  date: "2026-07-06",
  symbol: "AAPL",
  qty,
  net_amount: "0",
  created_at: "2026-07-06T12:00:00Z",
  status: "executed",
  ...more,
});
const out = half("1::a", "-10");
const into = half("2::b", "40", { created_at: "2026-07-06T12:03:00Z" });
const told = (...entries: readonly object[]) =>
  joinSplits(activitiesSchema.parse(entries)).map(({ id, qty }) => [id, qty?.toString()]);
const WHOLE = [["1::a", "30"]];

describe("a split on the wire", () => {
  it("is one entry of the difference, in whatever order its halves are told", () => {
    expect(told(out, into)).toEqual(WHOLE);
    expect(told(into, out)).toEqual(WHOLE);
    const [whole] = joinSplits(activitiesSchema.parse([out, into]));
    expect(whole?.created_at).toBe(Date.parse("2026-07-06T12:03:00Z"));
  });

  it.each([out, into])("is told as pending while only half of it is there", (half) => {
    const [only, ...more] = joinSplits(activitiesSchema.parse([half]));
    expect(more).toEqual([]);
    expect([only?.id, activityStatusOf(only?.status ?? null)]).toEqual([half.id, "pending"]);
  });

  it("of a short position turns the other way", () => {
    expect(told(half("1::a", "5"), half("2::b", "-20"))).toEqual([["1::a", "-15"]]);
  });

  it("is told from another one of the same day by its group", () => {
    const [one, two] = [{ group_id: "g1" }, { group_id: "g2" }];
    const found = told(
      { ...out, ...one },
      { ...half("3::c", "-40"), ...two },
      { ...into, ...one },
      { ...half("4::d", "80"), ...two },
    );
    expect(found).toEqual([
      ["1::a", "30"],
      ["3::c", "40"],
    ]);
  });

  it("waits while one half is taken back and the other is not", () => {
    expect(told({ ...out, status: "canceled" }, into)).toEqual([]);
    const both = [out, into].map((entry) => ({ ...entry, status: "canceled" }));
    expect(joinSplits(activitiesSchema.parse(both))).toMatchObject([{ status: "canceled" }]);
  });

  it("leaves what is no split, and a split that moves nothing, as they are", () => {
    const fee = half("5::e", "0", { activity_type: "FEE", net_amount: "-1" });
    expect(told(fee, half("6::f", "0"))).toEqual([
      ["5::e", "0"],
      ["6::f", "0"],
    ]);
  });
});
