import { describe, expect, it } from "vitest";
import {
  accountOf,
  activityOf,
  executionOfFill,
  positionOf,
  snapshotOf,
} from "../../../src/brokers/alpaca/map.ts";
import {
  accountSchema,
  activitiesSchema,
  fillsSchema,
  orderSchema,
  parseInstant,
  positionsSchema,
} from "../../../src/brokers/alpaca/schema.ts";
import { d, directory, fixture } from "./fixtures.ts";

const recorded = fixture("recorded");
const order = (more: Record<string, unknown> = {}) => {
  const body = { ...(recorded["order_accepted"] as object), ...more };
  return snapshotOf(orderSchema.parse(body), directory);
};

describe("an order on the wire", () => {
  it("keeps every number as it was written", () => {
    const filled = orderSchema.parse(recorded["order_filled"]);
    expect(snapshotOf(filled, directory)).toMatchObject({
      brokerOrderId: "f96f132b-3c28-4e24-ac01-0e6f38e26698",
      reference: "7f6f03e6-01e3-44ad-8fd9-01297893e940",
      symbol: "AMZN",
      instrumentId: "XNYS:AMZN",
      side: "buy",
      type: "market",
      timeInForce: "day",
      quantity: d("2"),
      filledQuantity: d("2"),
      averagePrice: d("3648.11"),
      status: "filled",
      submittedAt: Date.parse("2021-07-08T14:50:42.051Z"),
    });
  });

  it("keeps an average price of twenty digits", () => {
    const long = order({ filled_qty: "7", filled_avg_price: "3648.1242857142857143" });
    expect(long.averagePrice?.toString()).toBe("3648.1242857142857143");
  });

  it("brings its legs", () => {
    const bracket = snapshotOf(orderSchema.parse(recorded["order_bracket"]), directory);
    expect(
      bracket.legs.map((leg) => [leg.status, leg.type, leg.limitPrice ?? leg.stopPrice]),
    ).toEqual([
      ["held", "limit", d("3700")],
      ["held", "stop", d("3500")],
    ]);
  });

  it.each(Object.entries(fixture("published-orders")))(
    "of the published specification is read: %s",
    (_, body) => {
      const snapshot = snapshotOf(orderSchema.parse(body), directory);
      expect(snapshot.status).not.toBe("unknown");
      expect(snapshot.brokerOrderId).not.toBe("");
    },
  );

  it.each([
    ["new", {}, "accepted"],
    ["pending_new", {}, "accepted"],
    ["accepted", {}, "accepted"],
    ["held", {}, "held"],
    ["pending_cancel", {}, "accepted"],
    ["pending_cancel", { filled_qty: "1" }, "partially_filled"],
    ["partially_filled", { filled_qty: "1" }, "partially_filled"],
    ["canceled", { filled_qty: "1" }, "cancelled"],
    ["replaced", {}, "replaced"],
    ["rejected", {}, "rejected"],
    ["expired", {}, "expired"],
    ["done_for_day", {}, "expired"],
    ["done_for_day", { time_in_force: "gtc" }, "accepted"],
    ["a_word_of_tomorrow", {}, "unknown"],
    ["constructor", {}, "unknown"],
  ])("status %s %o is %s", (status, more, expected) => {
    expect(order({ status, ...more }).status).toBe(expected);
  });

  it("turns words it does not know into null, not into a guess", () => {
    const odd = order({ side: "sideways", type: "iceberg", time_in_force: "gtd", symbol: "ZZZ" });
    expect(odd).toMatchObject({ side: null, type: null, timeInForce: null, instrumentId: null });
  });

  it("is not an order when a number is not plain", () => {
    const body = { ...(recorded["order_accepted"] as object), filled_qty: "1e3" };
    expect(orderSchema.safeParse(body).success).toBe(false);
  });
});

describe("an instant on the wire", () => {
  it.each([
    ["2021-07-08T14:50:45.335034Z", "2021-07-08T14:50:45.335Z"],
    ["2021-07-08T14:50:51.3729Z", "2021-07-08T14:50:51.372Z"],
    ["2022-04-19T17:45:05.024916716Z", "2022-04-19T17:45:05.024Z"],
    ["2022-04-19T13:45:04.981350886-04:00", "2022-04-19T17:45:04.981Z"],
    ["2021-06-01T09:30:00-04:00", "2021-06-01T13:30:00.000Z"],
  ])("%s is %s", (text, expected) => {
    expect(new Date(parseInstant(text) ?? 0).toISOString()).toBe(expected);
  });

  it.each(["2021-07-08", "yesterday", "2021-07-08 14:50:45Z", "2021-13-40T00:00:00Z"])(
    "%s is none",
    (text) => expect(parseInstant(text)).toBeNull(),
  );
});

describe("what the account holds", () => {
  it("a short position is negative", () => {
    const [short] = positionsSchema
      .parse([recorded["position_short"]])
      .map((position) => positionOf(position, directory));
    expect(short?.quantity.toString()).toBe("-100");
  });

  it("a short position is negative even where only its side says so", () => {
    const wire = { ...(recorded["position_short"] as object), qty: "100" };
    const [position] = positionsSchema.parse([wire]);
    expect(position && positionOf(position, directory).quantity.toString()).toBe("-100");
  });

  it("a pair without its slash is the same instrument", () => {
    const [position] = positionsSchema.parse([recorded["position_crypto"]]);
    expect(position && positionOf(position, directory)).toEqual({
      symbol: "BTC/USD",
      instrumentId: "CRYPTO:BTC/USD",
      quantity: d("0.1"),
      averagePrice: d("64250.123456789"),
    });
  });

  it("the published account is read, and may trade", () => {
    const account = accountOf(accountSchema.parse(fixture("published-account")));
    expect(account.tradingBlocked).toBe(false);
    expect(account.equity.isPositive()).toBe(true);
  });

  it.each([
    { trading_blocked: true },
    { account_blocked: true },
    { trade_suspended_by_user: true },
    { status: "ACTION_REQUIRED" },
  ])("an account with %o may not trade", (more) => {
    const body = { ...fixture("published-account"), ...more };
    expect(accountOf(accountSchema.parse(body)).tradingBlocked).toBe(true);
  });
});

describe("an activity", () => {
  it("of a fill has an identity of its own, and the cumulative quantity to match it by", () => {
    const [fill] = fillsSchema.parse([recorded["activity_fill"]]);
    expect(fill && executionOfFill(fill, directory)).toMatchObject({
      id: "alpaca-activity:20210602093016824::c86f104c-0000-4000-8000-000000000000",
      brokerOrderId: "1593ca8f-0000-4000-8000-000000000000",
      side: "sell",
      quantity: d("1"),
      price: d("3220.88"),
      cumulativeQuantity: d("1"),
      source: "activity",
    });
  });

  it("of a short sale sells", () => {
    const [fill] = fillsSchema.parse([recorded["activity_fill_short"]]);
    expect(fill?.side).toBe("sell");
  });

  it("of a fill with a side nobody knows cannot be read", () => {
    const wire = { ...(recorded["activity_fill"] as object), side: "lend" };
    expect(fillsSchema.safeParse([wire]).success).toBe(false);
  });

  it("that is no trade keeps its amount", () => {
    const [dividend] = activitiesSchema.parse([recorded["activity_dividend"]]);
    expect(dividend && activityOf(dividend, directory)).toMatchObject({
      type: "DIV",
      symbol: "T",
      instrumentId: null,
      netAmount: d("1.02"),
      price: d("0.51"),
      at: Date.UTC(2019, 7, 1, 4),
      until: Date.UTC(2019, 7, 2, 4) - 1,
    });
  });

  it.each([
    ["2026-03-08", 23],
    ["2026-11-01", 25],
    ["2026-11-02", 24],
  ])("of the day %s may be of any of its %d hours", (date, hours) => {
    const wire = { ...(recorded["activity_dividend"] as object), date };
    const [entry] = activitiesSchema.parse([wire]);
    const { at = 0, until = 0 } = (entry && activityOf(entry, directory)) ?? {};
    expect(until - at).toBe(hours * 3_600_000 - 1);
  });

  it("with an instant has no need of its day", () => {
    const wire = {
      ...(recorded["activity_dividend"] as object),
      created_at: "2019-08-02T13:14:15Z",
    };
    const [entry] = activitiesSchema.parse([wire]);
    const mapped = entry && activityOf(entry, directory);
    expect(mapped?.at).toBe(Date.UTC(2019, 7, 2, 13, 14, 15));
    expect(mapped?.until).toBeUndefined();
  });

  it.each([
    ["executed", "executed"],
    ["canceled", "cancelled"],
    ["correct", "corrected"],
    [null, "executed"],
    ["constructor", "executed"],
  ])("with the status %s is %s", (status, ours) => {
    const wire = { ...(recorded["activity_dividend"] as object), status };
    const [entry] = activitiesSchema.parse([wire]);
    expect(entry && activityOf(entry, directory).status).toBe(ours);
  });
});
