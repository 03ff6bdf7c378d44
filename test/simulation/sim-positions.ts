// What the simulated record keeps of positions beside their rows: checkpoints, and the facts behind a place.
import { PositionLedger } from "../../src/domain/position/ledger.ts";
import { adjustmentFact, executionFact } from "../../src/domain/position/change.ts";
import type { Checkpoint, CheckpointChange } from "../../src/domain/position/checkpoints.ts";
import { isBefore, isSamePlace, type Place } from "../../src/domain/position/place.ts";
import type { PositionState } from "../../src/domain/position/state.ts";
import type { TrackSizes } from "../../src/domain/position/track.ts";
import type { AccountId } from "../../src/domain/ids.ts";
import type { LoggedEvent } from "../../src/domain/event.ts";
import type { OrderState } from "../../src/domain/order/state.ts";
import type { PositionName, StoredFact } from "../../src/ports/store.ts";

/** Small, so that a simulated day asks for history, and for checkpoints of it, all the time. */
const SIZES: TrackSizes = { segmentFacts: 2, checkpointFacts: 5 };

/** Remembers every fact, so that none comes too late. */
export const wholeLedger = (accountId: AccountId): PositionLedger =>
  new PositionLedger(accountId, { ...SIZES, segmentFacts: Number.POSITIVE_INFINITY });

const keyOf = ({ accountId, instrumentId }: PositionName): string => `${accountId} ${instrumentId}`;

export class SimPositions {
  readonly rows = new Map<string, PositionState>();
  readonly #checkpoints = new Map<string, readonly Checkpoint[]>();

  write(positions: readonly PositionState[], changes: readonly CheckpointChange[]): void {
    for (const position of positions) {
      this.rows.set(`${keyOf(position)} ${position.strategyId ?? ""}`, position);
    }
    for (const change of changes) {
      const known = this.#checkpoints.get(keyOf(change)) ?? [];
      const { forgotten, reached } = change;
      const isTwice = ({ place }: Checkpoint, at: number) =>
        reached.some((other, index) => index > at && isSamePlace(other.place, place));
      if (reached.some(isTwice)) throw new Error("two checkpoints of one place in one commit");
      const left = known.filter(({ place }) => {
        if (reached.some((other) => isSamePlace(other.place, place))) return false;
        if (forgotten === null) return true;
        return forgotten.since !== null && isBefore(place, forgotten.since);
      });
      this.#checkpoints.set(keyOf(change), [...left, ...reached]);
    }
  }

  /** As a worker has them that starts: from the rows alone. */
  ledgerOf(accountId: AccountId): PositionLedger {
    const mine = [...this.rows.values()].filter((row) => row.accountId === accountId);
    return PositionLedger.restore(accountId, mine, SIZES);
  }

  loadCheckpoint(of: PositionName, before: Place): Checkpoint | null {
    const earlier = (this.#checkpoints.get(keyOf(of)) ?? []).filter(({ place }) =>
      isBefore(place, before),
    );
    return earlier.toSorted((a, b) => (isBefore(a.place, b.place) ? 1 : -1))[0] ?? null;
  }
}

/** From the orders as they are and the log, in order. */
export function positionFacts(
  { accountId, instrumentId }: PositionName,
  { after, limit }: { readonly after: Place | null; readonly limit: number },
  record: { readonly orders: Iterable<OrderState>; readonly log: readonly LoggedEvent[] },
): readonly StoredFact[] {
  const facts: StoredFact[] = [];
  for (const order of record.orders) {
    if (order.accountId !== accountId || order.instrumentId !== instrumentId) continue;
    const { strategyId, id: orderId } = order;
    for (const execution of order.executions) {
      if (execution.busted) continue;
      facts.push({ fact: executionFact(execution, order.terms.side), strategyId, orderId });
    }
  }
  const undone = new Set<string>();
  for (const { accountId: of, event } of record.log) {
    if (of !== accountId || event.type !== "PositionAdjusted") continue;
    const { adjustment, undoes } = event;
    const { strategyId } = adjustment;
    if (undoes !== undefined) undone.add(undoes);
    else if (adjustment.instrumentId === instrumentId)
      facts.push({ fact: adjustmentFact(adjustment), strategyId, orderId: null });
  }
  return facts
    .filter(({ fact, orderId }) => orderId !== null || !undone.has(fact.id))
    .filter(({ fact }) => after === null || isBefore(after, fact))
    .toSorted((left, right) => (isBefore(left.fact, right.fact) ? -1 : 1))
    .slice(0, limit);
}
