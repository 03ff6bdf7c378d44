// Replaying the log rebuilds every row; a row that differs is named, with its column.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import type { DomainEvent } from "../../../src/domain/event.ts";
import { asId, type ExecutionId, type StrategyId } from "../../../src/domain/ids.ts";
import { verifyByReplay } from "../../../src/db/replay.ts";
import {
  AAPL,
  accepted,
  cancelled,
  Desk,
  executed,
  fillOf,
  MORNING,
  orderOfSignal,
  referenceOf,
} from "../../contract/store-cases/scene.ts";
import { openStore, type OpenStore } from "./desk.ts";
import { acceptedFirst } from "../../support/accepted-first.ts";

let store: OpenStore;
beforeAll(async () => {
  store = await openStore();
  const desk = await Desk.open(acceptedFirst(store.postgres), 0);
  const exits = {
    takeProfit: { limitPrice: Decimal.of("120") },
    stopLoss: { stopPrice: Decimal.of("80"), limitPrice: null },
  };
  await desk.commit(...desk.placing(1, { exits }), accepted(1), executed(1, "a"));
  await desk.commit(
    {
      type: "ReplaceRequested",
      orderId: orderOfSignal(1),
      generation: 2,
      reference: referenceOf(1, 2),
      change: { limitPrice: Decimal.of("101.50"), timeInForce: "gtc" },
    },
    ...desk.placing(2, { side: "sell" }),
  );
  await desk.commit(accepted(2), executed(2, "b", { quantity: Decimal.of("7") }), executed(1, "c"));
  await desk.commit(
    { type: "ExecutionBusted", orderId: orderOfSignal(1), executionId: asId<ExecutionId>("a") },
    {
      type: "ExecutionCorrected",
      orderId: orderOfSignal(2),
      executionId: asId<ExecutionId>("b"),
      by: fillOf(2, "d", { price: Decimal.of("98.7654321") }),
    },
    cancelled(1),
  );
  await desk.commit(
    left("position", AAPL, "2.5"),
    left("position", MSFT, "4"),
    cash("wire", "12.5"),
  );
  await desk.commit(left("position", AAPL, "1.5"), left("position", MSFT, "0"));
  await desk.commit(left("cash", "USD", "-20"), cash("fee", "-0.5"));
  await aLongHistory(desk);
  await aFillNeverHeardOf();
  const other = await Desk.open(acceptedFirst(store.postgres), 1);
  await other.commit(...other.placing(101), accepted(101), executed(101, "late"), cancelled(101));
});
afterAll(() => store.close());

/** Some twenty fills, of which one came late and one was taken back: checkpoints before and behind both. */
async function aLongHistory(desk: Desk): Promise<void> {
  await desk.beginAnew({ segmentFacts: 2, checkpointFacts: 4 });
  const fill = (id: string, at: number) => executed(3, id, { executedAt: MORNING + at });
  const terms = { side: "buy", quantity: Decimal.of("1000") } as const;
  const strategyId = asId<StrategyId>("trend");
  await desk.commit(...desk.placing(3, terms, { strategyId }), accepted(3));
  for (let at = 100; at < 120; at += 1) {
    await desk.commitLate(store.postgres.engine, [fill(`fill ${at}`, at)]);
  }
  await desk.commitLate(store.postgres.engine, [fill("late", 109), dividend]);
  const executionId = asId<ExecutionId>("fill 113");
  await desk.commitLate(store.postgres.engine, [
    { type: "ExecutionBusted", orderId: orderOfSignal(3), executionId },
  ]);
}

/** It is corrected: the first that is known of a second strategy's share. */
async function aFillNeverHeardOf(): Promise<void> {
  const desk = await Desk.open(acceptedFirst(store.postgres), 2);
  const of = (strategy: string) => ({ strategyId: asId<StrategyId>(strategy) });
  await desk.commit(...desk.placing(201, {}, of("trend")), accepted(201), executed(201, "heard"));
  await desk.commit(...desk.placing(202, {}, of("revert")), accepted(202));
  const executionId = asId<ExecutionId>("never heard of");
  const by = fillOf(202, "what it is");
  await desk.commit({ type: "ExecutionCorrected", orderId: orderOfSignal(202), executionId, by });
}

const dividend: DomainEvent = {
  type: "PositionAdjusted",
  adjustment: {
    ...{ id: "dividend", kind: "dividend", instrumentId: AAPL, strategyId: null, source: "ledger" },
    ...{ quantity: Decimal.ZERO, price: null, amount: Decimal.of("1.23"), at: MORNING + 130 },
  },
};

function left(kind: "position" | "cash", subject: string, amount: string): DomainEvent {
  const of = { kind, subject, amount: Decimal.of(amount), reason: "looked at" };
  return { type: "DifferenceAccepted", ...of };
}

function cash(id: string, amount: string): DomainEvent {
  const of = { id, kind: "transfer", amount: Decimal.of(amount), source: "ledger", at: 1 } as const;
  return { type: "CashAdjusted", adjustment: of };
}

/** Nothing of it is traded here: it is only named. */
const MSFT = "XNYS:MSFT";

const verify = () => verifyByReplay(store.postgres.queries);

describe("replay --verify", () => {
  it("finds every row as the log has it", async () => {
    const told: number[] = [];
    const result = await verifyByReplay(store.postgres.queries, ({ events }) => told.push(events));
    expect(result).toMatchObject({
      orders: 6,
      executions: 28,
      positions: 6,
      differenceCount: 0,
      differences: [],
    });
    expect(result.events).toBe(told.at(-1));
  });

  it("takes up an order again that late events name after it was compared and forgotten", async () => {
    const portions = { events: 1, closed: 0, compared: 1 };
    const result = await verifyByReplay(store.postgres.queries, () => undefined, portions);
    expect(result).toMatchObject({ orders: 6, executions: 28, positions: 6, differences: [] });
  });

  const TAMPERED: readonly (readonly [string, string, string, string | null])[] = [
    ["an order's price", "UPDATE orders SET limit_price = 1", "orders", "limit_price"],
    [
      "an order's status",
      "UPDATE orders SET status = 'expired' WHERE closed_at IS NOT NULL",
      "orders",
      "status",
    ],
    [
      "an execution's quantity",
      "UPDATE executions SET qty = 99 WHERE id = 'c'",
      "executions",
      "qty",
    ],
    ["an execution's fate", "UPDATE executions SET busted = NOT busted", "executions", "busted"],
    ["a position", "UPDATE position_states SET qty = qty + 0.000000001", "position_states", "qty"],
    ["an order that is gone", "DELETE FROM executions; DELETE FROM orders", "orders", null],
    ["a position that is gone", "DELETE FROM position_states", "position_states", null],
    [
      "an execution out of nowhere",
      `INSERT INTO executions SELECT order_id, 'ghost', partition, seq, account_id, instrument_id,
        strategy_id, side, broker_order_id, qty, price, cumulative_qty, fee, fee_in_asset, executed_at,
        source, busted, corrected_by FROM executions LIMIT 1`,
      "executions",
      null,
    ],
    [
      "what is left to others",
      `UPDATE differences SET theirs = '9' WHERE theirs = '1.5'`,
      "differences",
      "theirs",
    ],
    [
      "what is left to others and not written",
      `DELETE FROM differences WHERE subject = '${AAPL}'`,
      "differences",
      "theirs",
    ],
    [
      "what was given back and is still left to others",
      `DELETE FROM differences WHERE subject = '${MSFT}' AND theirs = '0'`,
      "differences",
      "theirs",
    ],
    [
      "cash that was accepted",
      "UPDATE differences SET theirs = '-21' WHERE kind = 'cash_accepted'",
      "differences",
      "theirs",
    ],
    [
      "cash beside positions",
      "DELETE FROM adjustments WHERE instrument_id IS NULL AND amount < 0",
      "adjustments",
      "amount",
    ],
    [
      "what a dividend brought",
      "UPDATE adjustments SET amount = 9 WHERE id = 'dividend'",
      "adjustments",
      "amount",
    ],
    [
      "a dividend that is gone",
      "DELETE FROM adjustments WHERE id = 'dividend'",
      "adjustments",
      null,
    ],
    [
      "an adjustment out of nowhere",
      `INSERT INTO adjustments SELECT account_id, 'ghost', partition, seq, kind, instrument_id,
        strategy_id, qty, price, amount, source, at, undoes FROM adjustments LIMIT 1`,
      "adjustments",
      null,
    ],
    [
      "a checkpoint's gain",
      `UPDATE position_checkpoints SET realized_gross = realized_gross + 1, cost_basis = cost_basis + 1
        WHERE strategy_id IS NULL`,
      "position_checkpoints",
      "realized_gross",
    ],
    [
      "a share of a checkpoint",
      "UPDATE position_checkpoints SET qty = qty + 1 WHERE strategy_id IS NOT NULL",
      "position_checkpoints",
      "qty",
    ],
    [
      "a checkpoint that lacks a share",
      "DELETE FROM position_checkpoints WHERE strategy_id IS NOT NULL",
      "position_checkpoints",
      null,
    ],
    [
      "a checkpoint where nothing happened",
      "UPDATE position_checkpoints SET fact_id = 'nothing'",
      "position_checkpoints",
      null,
    ],
    [
      "a checkpoint of what was never traded",
      `UPDATE position_checkpoints SET instrument_id = '${MSFT}'`,
      "position_checkpoints",
      null,
    ],
    [
      "an end of the log that is not its end",
      "UPDATE partitions SET last_seq = last_seq + 1",
      "partitions",
      null,
    ],
  ];
  for (const [name, statement, table, column] of TAMPERED) {
    it(`notices ${name}`, async () => {
      const sql = store.postgres.queries;
      await keep();
      await sql.unsafe(statement);
      const { differences, differenceCount } = await verify();
      expect(differenceCount).toBeGreaterThan(0);
      expect(differences.map((each) => [each.table, each.column])).toContainEqual([table, column]);
      await restore();
      expect((await verify()).differenceCount).toBe(0);
    });
  }

  it.each([
    ["a decision, which no row is made of", "type = 'SignalDecided'"],
    ["an event that moved an order", "type = 'OrderAccepted'"],
  ])("notices that the log lacks %s", async (_, which) => {
    const sql = store.postgres.queries;
    await sql.unsafe("ALTER TABLE order_events DISABLE TRIGGER ALL");
    await sql.unsafe("CREATE TABLE kept_events AS TABLE order_events");
    const [gone] = await sql.unsafe<{ partition: number; seq: number }[]>(
      `DELETE FROM order_events WHERE (partition, seq) =
        (SELECT partition, min(seq) FROM order_events WHERE ${which} GROUP BY 1 ORDER BY 1 LIMIT 1)
      RETURNING partition, seq`,
    );
    const { differences } = await verify();
    const missing = differences.filter(({ table }) => table === "order_events");
    expect(missing.map(({ key }) => key)).toEqual([`${gone?.partition} ${gone?.seq}`]);
    await sql.unsafe("DELETE FROM order_events; INSERT INTO order_events TABLE kept_events");
    await sql.unsafe("DROP TABLE kept_events; ALTER TABLE order_events ENABLE TRIGGER ALL");
    expect((await verify()).differenceCount).toBe(0);
  });
});

/** Executions come after their orders, and go before them. */
const TABLES: readonly string[] = [
  ...["partitions", "position_states", "position_checkpoints", "differences", "adjustments"],
  ...["orders", "executions"],
];

async function keep(): Promise<void> {
  for (const table of TABLES) {
    await store.postgres.queries.unsafe(
      `DROP TABLE IF EXISTS kept_${table}; CREATE TABLE kept_${table} AS TABLE ${table}`,
    );
  }
}

async function restore(): Promise<void> {
  for (const table of TABLES.toReversed()) {
    await store.postgres.queries.unsafe(`DELETE FROM ${table}`);
  }
  for (const table of TABLES) {
    await store.postgres.queries.unsafe(`INSERT INTO ${table} SELECT * FROM kept_${table}`);
  }
}
