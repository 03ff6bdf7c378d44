// A stop is one transaction: the state, its version, and a command for every account that has to act on
// it. The version's lock waits for every intent that is being committed, so what is read afterwards is
// all that was already on its way.
import type { TradingState } from "../../domain/trading-state.ts";
import type { Once } from "../../ports/named-request.ts";
import type {
  OnItsWayRow,
  TradingStateChange,
  TradingStateChanged,
  TradingStateRecord,
} from "../../ports/operations.ts";
import { acceptWith } from "../accept.ts";
import { reading, type Sql, type Transaction } from "../client.ts";
import { once } from "../once.ts";
import { nameActor, refusable } from "./limits.ts";

export async function tradingStateRows(sql: Sql): Promise<readonly TradingStateRecord[]> {
  return reading(
    () => sql<TradingStateRecord[]>`
      SELECT NULL AS account, NULL AS strategy, value AS state, reason, updated_by, updated_at
      FROM configs WHERE key = 'trading_state'
      UNION ALL
      SELECT account_id, strategy_id, state, reason, updated_by, updated_at FROM trading_states
      ORDER BY account NULLS FIRST, strategy NULLS FIRST`,
  );
}

export async function changeTradingState(
  sql: Sql,
  change: TradingStateChange,
): Promise<Once<TradingStateChanged> & { readonly stateNow: TradingState }> {
  return refusable(() =>
    sql.begin(async (transaction) => {
      const done = await once(transaction, change.named, () => carryOut(transaction, change));
      return { ...done, stateNow: await stateOf(transaction, change) };
    }),
  );
}

async function carryOut(
  transaction: Transaction,
  change: TradingStateChange,
): Promise<TradingStateChanged> {
  await nameActor(transaction, change.actor, change.reason);
  // First of all, also when the state stays as it is: what was intended before is durable now, and
  // whoever changes the state next waits until this is over.
  await transaction`SELECT fillstream_next_trading_version()`;
  change.judge(await stateOf(transaction, change));
  await writeState(transaction, change);
  const accepted =
    change.commands.length === 0 ? [] : await acceptWith(transaction, change.commands);
  const open = await openOrders(transaction, change);
  const [row] = await transaction<{ version: number }[]>`SELECT version FROM trading_version`;
  return { version: row?.version ?? 0, accepted, open };
}

/** Of this very scope: a wider one has a row of its own, which stays as it is. */
async function stateOf(
  transaction: Transaction,
  { account, strategy }: TradingStateChange,
): Promise<TradingState> {
  const isForAll = account === null && strategy === null;
  const [row] = await transaction<{ state: TradingState }[]>`
    SELECT value AS state FROM configs WHERE key = 'trading_state' AND ${isForAll}
    UNION ALL
    SELECT state FROM trading_states
    WHERE account_id IS NOT DISTINCT FROM ${account}
      AND strategy_id IS NOT DISTINCT FROM ${strategy}`;
  return row?.state ?? "active";
}

async function writeState(transaction: Transaction, change: TradingStateChange): Promise<void> {
  const { account, strategy, state, reason } = change;
  if (account === null && strategy === null) {
    await transaction`
      UPDATE configs SET value = ${state}, reason = ${reason} WHERE key = 'trading_state'`;
  } else if (state === "active") {
    await transaction`
      DELETE FROM trading_states
      WHERE account_id IS NOT DISTINCT FROM ${account}
        AND strategy_id IS NOT DISTINCT FROM ${strategy}`;
  } else {
    await transaction`
      INSERT INTO trading_states (account_id, strategy_id, state, reason)
      VALUES (${account}, ${strategy}, ${state}, ${reason})
      ON CONFLICT (account_id, strategy_id) DO UPDATE SET
        state = EXCLUDED.state, reason = EXCLUDED.reason`;
  }
}

function openOrders(
  transaction: Transaction,
  { account, strategy }: TradingStateChange,
): Promise<OnItsWayRow[]> {
  return transaction<OnItsWayRow[]>`
    SELECT id AS order_id, account_id AS account, split_part(instrument_id, ':', 2) AS symbol, side,
      qty, status, unresolved IS NOT NULL AS unresolved, role, reduces_position
    FROM orders
    WHERE closed_at IS NULL
      ${account === null ? transaction`` : transaction`AND account_id = ${account}`}
      ${strategy === null ? transaction`` : transaction`AND strategy_id = ${strategy}`}
    ORDER BY id`;
}
