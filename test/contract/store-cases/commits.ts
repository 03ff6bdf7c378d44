// The commit: all of a part or nothing of it, by the one holder of the partition, in one log.
import { expect, it } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import type { DomainEvent } from "../../../src/domain/event.ts";
import { foreignFill, takenBack } from "./foreign-fills.ts";
import {
  AAPL,
  accepted,
  brokerIdOf,
  cancelled,
  Desk,
  executed,
  MORNING,
  orderOfSignal,
  referenceOf,
  submitted,
  type StoreUnderTest,
} from "./scene.ts";
import { bookTold } from "./told.ts";

const D = Decimal.of;
const PAID: DomainEvent = {
  type: "CashAdjusted",
  adjustment: { id: "cash", kind: "fee", amount: D("-1.25"), source: "test", at: MORNING },
};
const NOTHING = { ids: [], references: [], brokerOrderIds: [] };

export function commitCases(under: () => StoreUnderTest): void {
  const store = () => under().store;

  it("commits an intent, and the next holder's book has it", async () => {
    const desk = await Desk.open(store(), 0);
    expect(await desk.commit(...desk.placing(1))).toEqual({ result: "committed" });
    const loaded = await store().loadBook(0);
    expect(bookTold(loaded)).toEqual(bookTold(desk.book));
    expect(loaded.seq).toBe(3);
    expect(loaded.decidedSignals).toBe(1);
  });

  it("shuts out a holder whose lease another one has taken", async () => {
    const old = await Desk.open(store(), 0, "one");
    await under().expireLeases();
    const fresh = await Desk.open(store(), 0, "two");
    expect(await old.commit(...old.placing(1))).toEqual({ result: "fenced" });
    expect(await fresh.commit(...fresh.placing(2))).toEqual({ result: "committed" });
    expect((await store().loadBook(0)).seq).toBe(3);
  });

  it("commits the other parts when one is fenced", async () => {
    const old = await Desk.open(store(), 0, "one");
    const other = await Desk.open(store(), 1, "one");
    await under().expireLeases();
    await Desk.open(store(), 0, "two");
    const results = await store().commit([old.part(old.placing(1)), other.part(other.placing(2))]);
    expect(results).toEqual([{ result: "fenced" }, { result: "committed" }]);
    expect((await store().loadBook(0)).seq).toBe(0);
    expect((await store().loadBook(1)).seq).toBe(3);
  });

  it("commits nothing on top of a log that has gone on", async () => {
    const desk = await Desk.open(store(), 0);
    const stale = await store().loadBook(0);
    await desk.commit(...desk.placing(1));
    desk.book = stale;
    await expect(desk.commit(...desk.placing(2))).rejects.toThrow();
    expect((await store().loadBook(0)).seq).toBe(3);
  });

  it("writes no intent that was decided before the trading state changed", async () => {
    const desk = await Desk.open(store(), 0);
    const other = await Desk.open(store(), 1);
    const { version } = await store().tradingStates();
    await under().changeTradingState("halted");
    const results = await store().commit([
      desk.part(desk.placing(1), version),
      other.part(other.placing(2)),
    ]);
    expect(results).toEqual([{ result: "stopped" }, { result: "committed" }]);
    const after = await store().tradingStates();
    expect(after.version).toBeGreaterThan(version);
    expect(after.rows[0]).toMatchObject({ accountId: null, strategyId: null, state: "halted" });
    desk.book = await store().loadBook(0);
    const [again] = await store().commit([desk.part(desk.placing(1), after.version)]);
    expect(again).toEqual({ result: "committed" });
  });

  it("refuses a reference that another order has used", async () => {
    const desk = await Desk.open(store(), 0);
    await desk.commit(...desk.placing(1), cancelled(1));
    const [decision, placed] = desk.placing(2);
    if (decision === undefined || placed === undefined) throw new Error("an order is placed");
    const stolen = submitted(2, referenceOf(1));
    await expect(desk.commit(decision, placed, stolen)).rejects.toThrow();
    expect((await store().loadBook(0)).seq).toBe(4);
  });

  it("takes a resend under the same reference as what it is", async () => {
    const desk = await Desk.open(store(), 0);
    await desk.commit(...desk.placing(1));
    expect(await desk.commit(submitted(1))).toEqual({ result: "committed" });
    expect(bookTold(await store().loadBook(0))).toEqual(bookTold(desk.book));
  });

  it("books an execution on one order only", async () => {
    const desk = await Desk.open(store(), 0);
    await desk.commit(...desk.placing(1), ...desk.placing(2), accepted(1), accepted(2));
    await desk.commit(executed(1, "fill"));
    await expect(desk.commit(executed(2, "fill"))).rejects.toThrow();
  });

  it("finds closed orders by everything they were ever called", async () => {
    const desk = await Desk.open(store(), 0);
    await desk.commit(...desk.placing(1), accepted(1));
    await desk.commit({
      type: "ReplaceRequested",
      orderId: orderOfSignal(1),
      generation: 2,
      reference: referenceOf(1, 2),
      change: { quantity: Decimal.of("8") },
    });
    await desk.commit({
      type: "OrderReplaced",
      orderId: orderOfSignal(1),
      generation: 2,
      reference: referenceOf(1, 2),
      brokerOrderId: brokerIdOf(99),
      change: { quantity: Decimal.of("8") },
    });
    await desk.commit(executed(1, "fill"), cancelled(1));
    const order = desk.book.accounts.get(desk.account)?.orders.get(orderOfSignal(1));
    for (const names of [
      { ...NOTHING, ids: [orderOfSignal(1)] },
      { ...NOTHING, references: [referenceOf(1, 2)] },
      { ...NOTHING, brokerOrderIds: [brokerIdOf(1)] },
      { ...NOTHING, brokerOrderIds: [brokerIdOf(99)] },
    ]) {
      expect(await store().loadOrders(desk.account, names)).toEqual([order]);
    }
    expect(await store().loadOrders(desk.account, NOTHING)).toEqual([]);
  });

  it("tells of closed orders in a few figures, by the broker's names of them", async () => {
    const desk = await Desk.open(store(), 0);
    const other = await Desk.open(store(), 1);
    await desk.commit(...desk.placing(1), accepted(1), executed(1, "one"), cancelled(1));
    await desk.commit(...desk.placing(2), accepted(2), executed(2, "two"));
    const ids = [brokerIdOf(1), brokerIdOf(2), brokerIdOf(3)];
    const order = desk.book.accounts.get(desk.account)?.orders.get(orderOfSignal(1));
    expect(order?.filledQuantity.isPositive()).toBe(true);
    expect(await store().loadSettled(desk.account, ids)).toEqual([
      {
        brokerOrderId: brokerIdOf(1),
        filledQuantity: order?.filledQuantity,
        filledNotional: order?.filledNotional,
      },
    ]);
    expect(await store().loadSettled(other.account, ids)).toEqual([]);
    expect(await store().loadSettled(desk.account, [])).toEqual([]);
  });

  it("knows every adjustment by its id", async () => {
    const desk = await Desk.open(store(), 0);
    const other = await Desk.open(store(), 1);
    await desk.commit(foreignFill("one", "stranger"), foreignFill("two", "stranger"), PAID);
    await desk.commit(takenBack("one"));
    const ids = ["two", "one:ours", "cash", "never"];
    const known = await store().loadAdjustments(desk.account, ids);
    expect(known.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
      { id: "cash", instrumentId: null, quantity: D("0"), amount: D("-1.25") },
      { id: "one:ours", instrumentId: AAPL, quantity: D("-2.5"), amount: D("0") },
      { id: "two", instrumentId: AAPL, quantity: D("2.5"), amount: D("0") },
    ]);
    expect(await store().loadAdjustments(other.account, ids)).toEqual([]);
    expect(await store().loadAdjustments(desk.account, [])).toEqual([]);
  });
}
