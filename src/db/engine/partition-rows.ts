// All rows that a partition's book is made of, read in one snapshot; the statements travel together.
import type { BrokerOrderId, BrokerReference, InstrumentId, OrderId } from "../../domain/ids.ts";
import type { AccountDbRow } from "../configuration/accounts.ts";
import type {
  AccountStateRow,
  CashRow,
  AcceptedRow,
  AdjustmentRow,
  CashToldRow,
  ExternalRow,
  ForeignRow,
  ParkedRow,
  StrategyBaselinesRow,
} from "./account-facts.ts";
import { readCashSteps, type CashStepRow } from "./fills-since-cash.ts";
import type { ExecutionDbRow, OrderDbRow } from "./order-from-row.ts";
import {
  readPace,
  readRepeatable,
  readToday,
  type PaceRow,
  type RepeatableRow,
  type TodayRow,
} from "./recent-orders.ts";
import type { PositionDbRow } from "./position-from-row.ts";
import type { Transaction } from "../client.ts";

/** As many as a book keeps of one account; what is older is asked for when something names it. */
const MAX_ADJUSTMENTS = 10_000;
const MAX_GONE = 10_000;

export interface PartitionRows {
  readonly progress: readonly {
    readonly last_seq: number;
    readonly decided_signals: number;
    readonly decided_commands: number;
  }[];
  readonly accounts: readonly AccountDbRow[];
  readonly orders: readonly OrderDbRow[];
  readonly executions: readonly ExecutionDbRow[];
  readonly positions: readonly PositionDbRow[];
  readonly states: readonly AccountStateRow[];
  readonly strategyBaselines: readonly StrategyBaselinesRow[];
  readonly frozen: readonly {
    readonly account_id: string;
    readonly instrument_id: InstrumentId;
    readonly reason: string;
  }[];
  readonly external: readonly ExternalRow[];
  readonly gone: readonly { readonly account_id: string; readonly id: BrokerOrderId }[];
  readonly parked: readonly ParkedRow[];
  readonly adjustments: readonly AdjustmentRow[];
  /** Fills of others' orders as they were counted, those taken back left out, the oldest first. */
  readonly foreign: readonly ForeignRow[];
  /** When each instrument was split last. */
  readonly splits: readonly {
    readonly account_id: string;
    readonly instrument_id: InstrumentId;
    readonly at: Date;
  }[];
  readonly cash: readonly CashRow[];
  readonly cashTold: readonly CashToldRow[];
  readonly cashSteps: readonly CashStepRow[];
  readonly accepted: readonly AcceptedRow[];
  readonly decidedAhead: readonly { readonly number: number }[];
  /** Every reference of the open orders that were sent more than once. */
  readonly references: readonly {
    readonly account_id: string;
    readonly order_id: OrderId;
    readonly reference: BrokerReference;
  }[];
  /** Of the closed orders alone: the open ones are read whole. */
  readonly pace: readonly PaceRow[];
  readonly repeatable: readonly RepeatableRow[];
  readonly today: readonly TodayRow[];
}

export function readPartition(sql: Transaction, partition: number): Promise<PartitionRows> {
  return together<PartitionRows>({
    progress: sql<PartitionRows["progress"][number][]>`
      SELECT last_seq, decided_signals, decided_commands FROM partitions
      WHERE partition = ${partition}`,
    accounts: sql<
      AccountDbRow[]
    >`SELECT * FROM accounts WHERE partition = ${partition} ORDER BY id`,
    orders: sql<OrderDbRow[]>`
      SELECT * FROM orders WHERE partition = ${partition} AND closed_at IS NULL
      ORDER BY placed_seq`,
    executions: sql<ExecutionDbRow[]>`
      SELECT e.* FROM orders o JOIN executions e ON e.order_id = o.id
      WHERE o.partition = ${partition} AND o.closed_at IS NULL ORDER BY e.order_id, e.seq`,
    positions: sql<PositionDbRow[]>`SELECT * FROM position_states WHERE partition = ${partition}`,
    states: sql<AccountStateRow[]>`SELECT * FROM account_states WHERE partition = ${partition}`,
    frozen: sql<PartitionRows["frozen"][number][]>`
      SELECT account_id, instrument_id, reason FROM frozen_symbols WHERE partition = ${partition}`,
    external: sql<ExternalRow[]>`
      SELECT account_id, broker_order_id, snapshot, ignored FROM external_orders
      WHERE partition = ${partition} AND closed_at IS NULL ORDER BY first_seen_at`,
    gone: sql<PartitionRows["gone"][number][]>`
      SELECT account_id, broker_order_id AS id FROM (
        SELECT account_id, broker_order_id, closed_at FROM external_orders
        WHERE partition = ${partition} AND closed_at IS NOT NULL
        ORDER BY closed_at DESC LIMIT ${MAX_GONE}) AS latest
      ORDER BY closed_at`,
    parked: sql<ParkedRow[]>`
      SELECT account_id, parked FROM parked_facts
      WHERE partition = ${partition} AND settled_at IS NULL AND parked IS NOT NULL ORDER BY seq`,
    adjustments: sql<PartitionRows["adjustments"][number][]>`
      SELECT account_id, id, kind, instrument_id, qty, price, amount, at FROM (
        SELECT * FROM adjustments WHERE partition = ${partition}
        ORDER BY seq DESC LIMIT ${MAX_ADJUSTMENTS}) AS latest
      ORDER BY seq`,
    foreign: readForeign(sql, partition),
    splits: sql<PartitionRows["splits"][number][]>`
      SELECT account_id, instrument_id, at FROM last_splits WHERE partition = ${partition}`,
    cash: sql<CashRow[]>`
      SELECT account_id, sum(amount) AS adjusted, bool_or(kind = 'opening_balance') AS is_open
      FROM adjustments WHERE partition = ${partition} AND instrument_id IS NULL GROUP BY account_id`,
    cashTold: sql<CashToldRow[]>`
      SELECT DISTINCT ON (account_id) account_id, ours, theirs FROM differences
      WHERE partition = ${partition} AND kind = 'cash' ORDER BY account_id, seq DESC`,
    accepted: sql<AcceptedRow[]>`
      SELECT DISTINCT ON (account_id, kind, subject) account_id, kind, subject, theirs AS amount
      FROM differences
      WHERE partition = ${partition} AND kind IN ('position_accepted', 'cash_accepted')
      ORDER BY account_id, kind, subject, seq DESC`,
    decidedAhead: sql<{ number: number }[]>`
      SELECT d.number FROM decisions d JOIN partitions p ON p.partition = d.partition
      WHERE d.partition = ${partition} AND d.number > p.decided_signals`,
    references: readReferences(sql, partition),
    pace: readPace(sql, partition),
    repeatable: readRepeatable(sql, partition),
    today: readToday(sql, partition),
    strategyBaselines: readStrategyBaselines(sql, partition),
    cashSteps: readCashSteps(sql, partition),
  });
}

/** Under each name what was asked for it; all statements are on their way at once. */
async function together<Rows extends object>(asked: {
  readonly [Name in keyof Rows]: PromiseLike<Rows[Name]>;
}): Promise<Rows> {
  const rows = await Promise.all(Object.values<PromiseLike<Rows[keyof Rows]>>(asked));
  const named = Object.keys(asked).map((name, index) => [name, rows[index]]);
  return Object.fromEntries(named) as Rows; // each name has the answer to its own question
}

function readReferences(sql: Transaction, partition: number) {
  return sql<PartitionRows["references"][number][]>`
    SELECT o.account_id, o.id AS order_id, e.reference
    FROM orders o CROSS JOIN LATERAL (
      SELECT payload ->> 'reference' AS reference FROM order_events
      WHERE order_id = o.id AND type IN ('OrderSubmitted', 'ReplaceRequested') OFFSET 0) AS e
    WHERE o.partition = ${partition} AND o.closed_at IS NULL
      AND (o.generation > 1 OR o.pending_replace IS NOT NULL)`;
}

/** From the log itself, found through the rows of what they moved. An older event tells no fill. */
function readForeign(sql: Transaction, partition: number) {
  return sql<ForeignRow[]>`
    SELECT account_id, foreign_fill FROM (
      SELECT a.account_id, a.seq, e.payload -> 'foreign' AS foreign_fill
      FROM adjustments a JOIN order_events e ON e.partition = a.partition AND e.seq = a.seq
      WHERE a.partition = ${partition} AND a.kind = 'adopted' AND a.instrument_id IS NOT NULL
        AND NOT EXISTS (
          SELECT FROM adjustments u WHERE u.account_id = a.account_id AND u.id = a.id || ':ours')
      ORDER BY a.seq DESC LIMIT ${MAX_ADJUSTMENTS}) AS latest
    WHERE foreign_fill IS NOT NULL ORDER BY seq`;
}

/** From the log itself, by an index of these events alone. A reset of an older release kept the day's. */
function readStrategyBaselines(sql: Transaction, partition: number) {
  return sql<StrategyBaselinesRow[]>`
    SELECT s.account_id, e.payload -> 'strategyBaselines' AS baselines
    FROM account_states s CROSS JOIN LATERAL (
      SELECT payload FROM order_events
      WHERE partition = ${partition} AND account_id = s.account_id
        AND type IN ('TradingDayStarted', 'LossLimitReset')
        AND (type = 'TradingDayStarted' OR payload -> 'strategyBaselines' IS NOT NULL)
      ORDER BY seq DESC LIMIT 1) AS e
    WHERE s.partition = ${partition}`;
}
