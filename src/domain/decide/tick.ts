// Time passed, a price came, tokens came back, a limit changed: the account looks at everything that
// waits. Nothing here happens twice for one instant: what is due is due by its own state.
import type { Book, Context, Decision } from "../book.ts";
import type { AccountId } from "../ids.ts";
import { aggregateOf } from "../risk/aggregate.ts";
import { Draft, NOTHING } from "./draft.ts";
import { tickHeld } from "./held.ts";
import { judgeLoss, rollDay } from "./loss.ts";
import { tickUnsettled } from "./unsettled.ts";

export function decideTick(book: Book, accountId: AccountId, context: Context): Decision {
  const accountBook = book.accounts.get(accountId);
  if (accountBook === undefined) return NOTHING;
  const draft = new Draft(book, accountBook, context, {
    actor: "engine",
    correlationId: null,
    causationId: null,
    traceParent: null,
  });
  // What prices have moved is valued here, on nobody's way, so that the next signal finds the sums ready.
  aggregateOf(accountBook, context);
  rollDay(draft);
  judgeLoss(draft);
  tickUnsettled(draft);
  tickHeld(draft);
  return draft.isEmpty ? NOTHING : draft.decision();
}
