// Decides a batch of inputs on the book, one after the other, each seeing what the ones before it did.
// Pure of I/O: it changes the book in memory and says what has to be committed and done afterwards.
import { applyEvent } from "../domain/apply.ts";
import type { Book, Context, Decision, Effect, Input } from "../domain/book.ts";
import type { BrokerView, CallOutcome } from "../domain/broker.ts";
import { decide, isCommandDecided, isSignalDecided } from "../domain/decide.ts";
import type { RecordedEvent } from "../domain/event.ts";
import type { AccountId } from "../domain/ids.ts";
import { accountOf } from "./input.ts";
import { poisonDecision, suspectOf, type Suspect } from "./poison.ts";

export interface PreparedBatch {
  readonly events: readonly RecordedEvent[];
  /** What follows the commit, in the order of the inputs. */
  readonly steps: readonly Step[];
  /** The version of the trading state that intents among the events relied on; null without any. */
  readonly tradingVersion: number | null;
  readonly tokensTaken: ReadonlyMap<AccountId, number>;
  /** Accounts in which something waits for just these events. */
  readonly tickDue: ReadonlySet<AccountId>;
  /** The position in the log before the first event. */
  readonly afterSeq: number;
}

/**
 * An effect of an input, or that an answer or a view is on record: what was decided before it did not know
 * it, and what was decided after it did.
 */
export type Step =
  | Effect
  | { readonly kind: "heard"; readonly accountId: AccountId; readonly outcome: CallOutcome }
  | { readonly kind: "seen"; readonly accountId: AccountId; readonly view: BrokerView };

/** The input at `index` broke the core; the book can no longer be trusted. */
export class PoisonFound extends Error {
  override readonly name = "PoisonFound";
  readonly input: Input;
  constructor(input: Input, cause: unknown) {
    super("an input could not be decided", { cause });
    this.input = input;
  }
}

export interface BatchRequest {
  readonly book: Book;
  readonly inputs: readonly Input[];
  /** Inputs known to break the core: set aside with a decision of their own. */
  readonly poison: ReadonlySet<Suspect>;
  readonly context: Context;
  takeTokens(accountId: AccountId, count: number): void;
}

export function decideBatch(request: BatchRequest): PreparedBatch {
  const { book, inputs, context } = request;
  const afterSeq = book.seq;
  const events: RecordedEvent[] = [];
  const steps: Step[] = [];
  const tokensTaken = new Map<AccountId, number>();
  const tickDue = new Set<AccountId>();
  let writesIntent = false;
  for (const input of inputs) {
    const decision = decideOne(request, input, context);
    for (const event of decision.events) events.push(event);
    if (input.kind === "outcome") {
      steps.push({ kind: "heard", accountId: input.accountId, outcome: input.outcome });
    } else if (input.kind === "view" && !request.poison.has(input)) {
      steps.push({ kind: "seen", accountId: input.accountId, view: input.view });
    }
    for (const effect of decision.effects) steps.push(effect);
    writesIntent ||= decision.writesIntent;
    if (decision.tick) tickDue.add(accountOf(input));
    if (decision.tokensUsed > 0) {
      const accountId = accountOf(input);
      request.takeTokens(accountId, decision.tokensUsed);
      tokensTaken.set(accountId, (tokensTaken.get(accountId) ?? 0) + decision.tokensUsed);
    }
  }
  const tradingVersion = writesIntent ? context.trading.version : null;
  return { events, steps, tradingVersion, tokensTaken, tickDue, afterSeq };
}

function decideOne({ book, poison }: BatchRequest, input: Input, context: Context): Decision {
  try {
    const isPoison = poison.size > 0 && poison.has(suspectOf(input)) && !wasDecided(book, input);
    const decision = isPoison
      ? poisonDecision(input, book, context.now)
      : decide(book, input, context);
    for (const event of decision.events) applyEvent(book, event);
    return decision;
  } catch (error: unknown) {
    throw new PoisonFound(input, error);
  }
}

/** By a commit whose reply was lost: deciding it once more says nothing. */
function wasDecided(book: Book, input: Input): boolean {
  if (input.kind === "signal") return isSignalDecided(book, input.signal.number);
  return input.kind === "command" && isCommandDecided(book, input.command.number);
}
