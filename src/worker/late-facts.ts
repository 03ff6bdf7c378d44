// A fact that is older than what the book remembers of its position: the position is folded again from
// all its facts, those of the record and those of this batch, before its rows are written.
import type { Book } from "../domain/book.ts";
import type { RecordedEvent } from "../domain/event.ts";
import { positionHistory } from "../domain/position/change.ts";
import type { EngineStore } from "../ports/store.ts";

export async function foldLateFacts(
  book: Book,
  events: readonly RecordedEvent[],
  store: Pick<EngineStore, "loadPositionFacts">,
): Promise<void> {
  for (const { account, positions, orders } of book.accounts.values()) {
    if (positions.incomplete.size === 0) continue;
    const fresh = events.filter(({ accountId }) => accountId === account.id);
    for (const instrumentId of [...positions.incomplete]) {
      const known = await store.loadPositionFacts(account.id, instrumentId);
      const all = [...known, ...fresh].map(({ event }) => event);
      positions.rebuild(
        instrumentId,
        positionHistory(instrumentId, all, (id) => orders.get(id)),
      );
    }
  }
}
