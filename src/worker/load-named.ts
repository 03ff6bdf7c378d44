// What the inputs of a batch name and its book has forgotten comes back into it before they are decided.
import { adoptLoadedAdjustments, adoptLoadedOrders } from "../domain/apply.ts";
import type { Book, Input } from "../domain/book.ts";
import { namesNeeded } from "../domain/decide.ts";
import type { EngineStore } from "../ports/store.ts";

type Recorded = Pick<EngineStore, "loadOrders" | "loadAdjustments">;

export async function loadNamed(book: Book, inputs: readonly Input[], record: Recorded) {
  for (const input of inputs) {
    await loadOrders(book, input, record);
    // Behind them: a fill of an order that came back needs no name of its own.
    await loadAdjustments(book, input, record);
  }
}

async function loadOrders(book: Book, input: Input, record: Recorded): Promise<void> {
  const needed = namesNeeded(book, input);
  if (needed === null) return;
  const { accountId, adjustments: _, ...names } = needed;
  if (Object.values(names).every((each) => each.length === 0)) return;
  adoptLoadedOrders(book, accountId, await record.loadOrders(accountId, names));
}

async function loadAdjustments(book: Book, input: Input, record: Recorded): Promise<void> {
  const { accountId, adjustments = [] } = namesNeeded(book, input) ?? {};
  if (accountId === undefined || adjustments.length === 0) return;
  const counted = await record.loadAdjustments(accountId, adjustments);
  adoptLoadedAdjustments(book, accountId, counted);
}
