import { describe, expect, it } from "vitest";
import { tradeUpdateSchema } from "../../../src/brokers/alpaca/schema.ts";
import { reportOf } from "../../../src/brokers/alpaca/trade-update.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { AccountId } from "../../../src/domain/ids.ts";
import { d, directory, fixture } from "./fixtures.ts";

const account = asId<AccountId>("paper");
const recorded = fixture<Record<string, { readonly data: Record<string, unknown> }>>("recorded");
const report = (name: string, more: Record<string, unknown> = {}) => {
  const data = { ...recorded[name]?.data, ...more };
  return reportOf(tradeUpdateSchema.parse(data), account, directory);
};

describe("a trade update", () => {
  it("of a fill is an execution, known by its id and by the cumulative quantity", () => {
    expect(report("update_fill")).toMatchObject({
      kind: "executed",
      accountId: "paper",
      brokerOrderId: "f96f132b-3c28-4e24-ac01-0e6f38e26698",
      reference: "7f6f03e6-01e3-44ad-8fd9-01297893e940",
      at: Date.parse("2022-04-19T17:45:05.024Z"),
      execution: {
        id: "alpaca:2f63ea93-423d-4169-b3f6-3fdafc10c418",
        quantity: d("2"),
        price: d("3648.11"),
        cumulativeQuantity: d("2"),
        source: "stream",
      },
      snapshot: { status: "filled" },
    });
  });

  it("repeated is the same report again", () => {
    expect(report("update_fill")).toEqual(report("update_fill"));
  });

  it("of a fill without an id is named by the cumulative quantity and the instant", () => {
    const at = Date.parse("2021-07-08T14:50:46Z");
    const told = { execution_id: null, timestamp: "2021-07-08T14:50:46Z" };
    expect(report("update_fill", told)).toMatchObject({
      execution: { id: `alpaca:f96f132b-3c28-4e24-ac01-0e6f38e26698:2:${at}` },
    });
    expect(report("update_fill", told)).toEqual(report("update_fill", told));
  });

  it("of a fill without an id that reaches the same sum again, after a bust, is another one", () => {
    const named = (timestamp: string) => {
      const told = report("update_fill", { execution_id: null, timestamp });
      return told.kind === "executed" ? told.execution.id : null;
    };
    expect(named("2021-07-08T14:50:46Z")).not.toBe(named("2021-07-08T14:51:09Z"));
  });

  it("takes instants with an offset", () => {
    expect(report("update_offset_time")).toMatchObject({
      kind: "accepted",
      at: Date.parse("2022-04-19T17:45:04.981Z"),
    });
  });

  it.each([
    ["accepted", "accepted"],
    ["pending_new", "accepted"],
    ["new", "accepted"],
    ["partial_fill", "executed"],
    ["fill", "executed"],
    ["pending_cancel", "seen"],
    ["canceled", "cancelled"],
    ["expired", "expired"],
    ["done_for_day", "seen"],
    ["pending_replace", "seen"],
    ["replaced", "replaced"],
    ["rejected", "rejected"],
    ["stopped", "seen"],
    ["suspended", "seen"],
    ["calculated", "seen"],
    ["restated", "seen"],
    ["order_replace_rejected", "replace_refused"],
    ["order_cancel_rejected", "cancel_refused"],
    ["an_event_of_tomorrow", "unreadable"],
    ["trade_bust", "unreadable"],
    ["trade_correct", "unreadable"],
  ])("%s is %s", (event, kind) => {
    expect(report("update_fill", { event }).kind).toBe(kind);
  });

  it("replaced names the order that takes over", () => {
    const order = { ...(recorded["update_new"]?.data["order"] as object), replaced_by: "new-id" };
    expect(report("update_new", { event: "replaced", order })).toMatchObject({
      kind: "replaced",
      brokerOrderId: "f96f132b-3c28-4e24-ac01-0e6f38e26698",
      newBrokerOrderId: "new-id",
    });
  });

  it("of a bust names the execution that never was", () => {
    const bust = { event: "trade_bust", previous_execution_id: "e1", qty: "-2" };
    expect(report("update_fill", bust)).toMatchObject({ kind: "busted", executionId: "alpaca:e1" });
  });

  it("of a correction brings the fill that stands instead", () => {
    const correction = {
      event: "trade_correct",
      previous_execution_id: "e1",
      execution_id: "e2",
      price: "3647",
    };
    expect(report("update_fill", correction)).toMatchObject({
      kind: "corrected",
      executionId: "alpaca:e1",
      by: { id: "alpaca:e2", price: d("3647"), quantity: d("2"), cumulativeQuantity: null },
    });
  });

  it("of a correction without ids is not taken for the fill that made the same sum", () => {
    const correction = { event: "trade_correct", previous_execution_id: "e1", price: "3647" };
    const told = report("update_fill", { ...correction, execution_id: null });
    const filled = report("update_fill", { execution_id: null });
    if (told.kind !== "corrected" || filled.kind !== "executed") throw new Error("other kinds");
    expect(told.by.id).not.toBe(filled.execution.id);
  });

  it("of a fill without a price is parked, not booked", () => {
    expect(report("update_fill", { price: null })).toMatchObject({ kind: "unreadable" });
  });
});
