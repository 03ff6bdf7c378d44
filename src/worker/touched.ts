// Which rows a batch of events changed: the orders and positions as they stand after the last of them, and
// what became of the checkpoints of positions since the batch before. A partition may have thousands of accounts:
// those that no event moved are not asked.
import type { AccountBook, Book } from "../domain/book.ts";
import type { RecordedEvent } from "../domain/event.ts";
import type { InstrumentId, OrderId } from "../domain/ids.ts";
import type { OrderState } from "../domain/order/state.ts";
import type { CheckpointChange } from "../domain/position/checkpoints.ts";
import type { PositionState } from "../domain/position/state.ts";

export interface Touched {
  readonly orders: readonly OrderState[];
  readonly positions: readonly PositionState[];
  readonly checkpoints: readonly CheckpointChange[];
}

export function touchedRows(book: Book, events: readonly RecordedEvent[]): Touched {
  const orders = new Map<OrderId, OrderState>();
  const positions = new Map<string, PositionState>();
  const moved = new Set<AccountBook>();
  for (const { accountId, event } of events) {
    const account = book.accounts.get(accountId);
    if (account === undefined) continue;
    if (event.type === "PositionAdjusted") {
      moved.add(account);
      collectPositions(account, event.adjustment.instrumentId, positions);
      continue;
    }
    if (!("orderId" in event)) continue;
    const order = account.orders.get(event.orderId);
    if (order === undefined) continue;
    orders.set(order.id, order);
    if (!MOVES_POSITION.has(event.type)) continue;
    moved.add(account);
    collectPositions(account, order.instrumentId, positions);
  }
  const checkpoints = [...moved].flatMap((account) => account.positions.takeCheckpoints());
  return { orders: [...orders.values()], positions: [...positions.values()], checkpoints };
}

export const MOVES_POSITION: ReadonlySet<string> = new Set([
  "OrderExecuted",
  "ExecutionBusted",
  "ExecutionCorrected",
]);

/** The net position and every strategy's share of it. */
function collectPositions(
  account: AccountBook,
  instrumentId: InstrumentId,
  into: Map<string, PositionState>,
): void {
  for (const position of account.positions.of(instrumentId)) {
    into.set(
      `${position.accountId} ${position.instrumentId} ${position.strategyId ?? ""}`,
      position,
    );
  }
}
