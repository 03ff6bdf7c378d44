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
    if (adjustments.length > 0) {
      const counted = await record.loadAdjustments(accountId, adjustments);
      adoptLoadedAdjustments(book, accountId, counted);
    }
  }
}
