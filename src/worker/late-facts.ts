// A fact that is older than what the book remembers of its position: the position is folded again before its
// rows are written, from the last checkpoint before that fact, with what stands on record behind it and what
// this batch brings. In pages, since there may be millions.
import type { AccountBook, Book, Effect } from "../domain/book.ts";
import type { RecordedEvent } from "../domain/event.ts";
import type { InstrumentId, OrderId } from "../domain/ids.ts";
import { adjustmentFact, executionFact, type AttributedFact } from "../domain/position/change.ts";
import type { Checkpoint } from "../domain/position/checkpoints.ts";
import { isBefore, type Place } from "../domain/position/place.ts";
import type { Refolding } from "../domain/position/refolding.ts";
import { factPages } from "../ports/fact-pages.ts";
import type { EngineStore, FactPage } from "../ports/store.ts";
import { MOVES_POSITION } from "./touched.ts";

type Store = Pick<EngineStore, "loadCheckpoint" | "loadPositionFacts">;
interface Shell {
  readonly store: Store;
  perform(effect: Effect): void;
}

/** Read and folded in some 20 ms: for so long nothing else happens in this process. */
const FACTS_A_PAGE = 2_000;

export async function foldLateFacts(
  book: Book,
  events: readonly RecordedEvent[],
  shell: Shell,
  factsAPage = FACTS_A_PAGE,
): Promise<void> {
  const { store } = shell;
  for (const accountBook of book.accounts.values()) {
    const { account, positions } = accountBook;
    for (const instrumentId of [...positions.incomplete]) {
      const since = positions.changedSince(instrumentId);
      const fresh = freshFacts(accountBook, instrumentId, events);
      const position = { book: accountBook, instrumentId, fresh, factsAPage };
      const from =
        since === null
          ? null
          : await store.loadCheckpoint({ accountId: account.id, instrumentId }, since);
      const refolding = await foldFrom(from, position, store);
      if (from !== null && positions.agreesWith(instrumentId, refolding)) {
        positions.adopt(instrumentId, refolding, since);
        continue;
      }
      // The checkpoint lacks something: whoever wrote it, none of them is believed any more.
      const all = from === null ? refolding : await foldFrom(null, position, store);
      if (!positions.agreesWith(instrumentId, all))
        shell.perform(contradiction(accountBook, instrumentId));
      positions.adopt(instrumentId, all, from === null ? since : null);
    }
  }
}

/** The rows are the record, so they hold; what was wrong about them, or about the book, a person finds out. */
function contradiction({ account }: AccountBook, instrumentId: InstrumentId): Effect {
  const message =
    `The executions and adjustments of ${instrumentId} in ${account.id} come to another position than the one ` +
    "that was held; they are believed. `fillstream replay --verify` says which row is not as the log has it.";
  return { kind: "alarm", code: "position_contradicted", message, orderId: null };
}

/** What is not on record yet. */
interface Fresh {
  /** Of these the book has all executions, as they are with this batch. */
  readonly orders: ReadonlySet<OrderId>;
  readonly undone: ReadonlySet<string>;
  readonly facts: readonly AttributedFact[];
}

function freshFacts(
  { account, orders }: AccountBook,
  instrumentId: InstrumentId,
  events: readonly RecordedEvent[],
): Fresh {
  const touched = new Set<OrderId>();
  const undone = new Set<string>();
  const facts: AttributedFact[] = [];
  for (const { accountId, event } of events) {
    if (accountId !== account.id) continue;
    if (event.type === "PositionAdjusted" && event.adjustment.instrumentId === instrumentId) {
      const { adjustment, undoes } = event;
      const { strategyId } = adjustment;
      if (undoes === undefined) facts.push({ fact: adjustmentFact(adjustment), strategyId });
      else undone.add(undoes);
    }
    if ("orderId" in event && MOVES_POSITION.has(event.type)) touched.add(event.orderId);
  }
  const counted = facts.filter(({ fact }) => !undone.has(fact.id));
  for (const id of touched) {
    const order = orders.get(id);
    if (order?.instrumentId !== instrumentId) continue;
    const { strategyId } = order;
    for (const execution of order.executions) {
      if (execution.busted) continue;
      counted.push({ fact: executionFact(execution, order.terms.side), strategyId });
    }
  }
  return { orders: touched, undone, facts: counted };
}

interface Position {
  readonly book: AccountBook;
  readonly instrumentId: InstrumentId;
  readonly fresh: Fresh;
  readonly factsAPage: number;
}

async function foldFrom(
  checkpoint: Checkpoint | null,
  position: Position,
  store: Store,
): Promise<Refolding> {
  const { book, instrumentId, fresh, factsAPage: limit } = position;
  const name = { accountId: book.account.id, instrumentId };
  const refolding = book.positions.refold(instrumentId, checkpoint);
  const after = checkpoint?.place ?? null;
  const waiting = fresh.facts
    .filter(({ fact }) => after === null || isBefore(after, fact))
    .toSorted((left, right) => (isBefore(left.fact, right.fact) ? -1 : 1));
  let next = 0;
  const addFreshBefore = (place: Place | null): void => {
    for (; next < waiting.length; next += 1) {
      const fact = waiting[next];
      if (fact === undefined || (place !== null && !isBefore(fact.fact, place))) return;
      refolding.add(fact);
    }
  };
  const load = (page: FactPage) => store.loadPositionFacts(name, page);
  for await (const page of factPages(load, { after, limit })) {
    for (const known of page) {
      const { orderId, fact } = known;
      if (orderId === null ? fresh.undone.has(fact.id) : fresh.orders.has(orderId)) continue;
      addFreshBefore(fact);
      refolding.add(known);
    }
  }
  addFreshBefore(null);
  return refolding;
}
