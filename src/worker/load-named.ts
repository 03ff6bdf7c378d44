// What the inputs of a batch name and its book has forgotten comes back into it before they are decided.
import { adoptLoadedAdjustments, adoptLoadedOrders } from "../domain/apply.ts";
import type { Book, Input } from "../domain/book.ts";
import { namesNeeded } from "../domain/decide.ts";
import type { EngineStore } from "../ports/store.ts";

type Recorded = Pick<EngineStore, "loadOrders" | "loadAdjustments">;

export async function loadNamed(book: Book, inputs: readonly Input[], record: Recorded) {
  for (const input of inputs) {
    const needed = namesNeeded(book, input);
    if (needed === null) continue;
    const { accountId, adjustments, ...orders } = needed;
    if (Object.values(orders).some((names) => names.length > 0)) {
      adoptLoadedOrders(book, accountId, await record.loadOrders(accountId, orders));
    }
    if (adjustments.length === 0) continue;
    // A fill of an order that came back just now needs no name of its own any more.
    const left = namesNeeded(book, input)?.adjustments ?? [];
    if (left.length === 0) continue;
    adoptLoadedAdjustments(book, accountId, await record.loadAdjustments(accountId, left));
  }
}
