// What a partition knows of inputs that break the core or that the record refuses: which are suspected,
// which were set aside and are not taken again, and how slowly their source is asked meanwhile.
import type { Book, Effect, Input } from "../domain/book.ts";
import type { RecordedEvent } from "../domain/event.ts";
import type { AccountId } from "../domain/ids.ts";
import type { Clock } from "../ports/clock.ts";
import { suspectOf, type Suspect } from "./poison.ts";
import { factsIn, Quarantine } from "./quarantine.ts";
import { ReadingPace } from "./reading-pace.ts";

/** What is done about an input that was found by itself. */
export type Verdict =
  /** It breaks the core even when it is set aside: the book is broken. */
  | { readonly result: "hopeless" }
  /** It is set aside, or left out, when its turn comes again. */
  | { readonly result: "set_aside" }
  /** Its parts are decided before it, so that only what is wrong with it is set aside. */
  | { readonly result: "taken_apart"; readonly parts: readonly Input[] };

export class PoisonWatch {
  readonly #suspects = new Set<Suspect>();
  readonly #quarantine = new Quarantine();
  readonly #pace: ReadingPace;
  readonly #takenApart = new WeakSet<Input>();
  /** Views that are left out: one like them was told already. */
  readonly #leftOut = new WeakSet<Input>();
  /** Accounts of which a whole view was set aside, and none was seen since. */
  readonly #blind = new Set<AccountId>();

  constructor(clock: Clock, perform: (effect: Effect) => void) {
    this.#pace = new ReadingPace(clock, perform);
  }

  get suspects(): ReadonlySet<Suspect> {
    return this.#suspects;
  }

  /** Nothing is left out or looked for: what comes is decided as it is. */
  get isQuiet(): boolean {
    return this.#suspects.size === 0 && this.#blind.size === 0 && this.#quarantine.isEmpty;
  }

  perform(effect: Effect): void {
    this.#pace.perform(effect);
  }

  /** Without what was set aside before; each suspect once. */
  sift(inputs: readonly Input[]): readonly Input[] {
    const met = new Set<Suspect>();
    return inputs.flatMap((input) => {
      const rest = this.#leftOut.has(input) ? null : this.#quarantine.rest(input);
      const name = rest === null || this.#suspects.size === 0 ? null : suspectOf(rest);
      const isRepeated = name !== null && this.#suspects.has(name) && met.has(name);
      if (name !== null) met.add(name);
      if (rest !== null && !isRepeated) return [rest];
      this.#pace.slow(input);
      return [];
    });
  }

  /** Something broke, and the book is loaded again: what asks for views now may bring it once more. */
  slowViews(book: Book): void {
    for (const accountId of book.accounts.keys()) this.#pace.slowViews(accountId);
  }

  /** The input was found to be the one. */
  blame(input: Input, book: Book): Verdict {
    const name = suspectOf(input);
    if (this.#suspects.has(name) || input.kind === "tick") return { result: "hopeless" };
    if (input.kind !== "view") {
      this.#suspects.add(name);
      return { result: "set_aside" };
    }
    const account = book.accounts.get(input.accountId);
    if (account !== undefined && !this.#takenApart.has(input)) {
      this.#takenApart.add(input);
      return { result: "taken_apart", parts: factsIn(input, account) };
    }
    // None of our own orders' facts: the view itself. It is told once, until one is taken again.
    if (this.#blind.has(input.accountId)) this.#leftOut.add(input);
    else this.#suspects.add(name);
    this.#blind.add(input.accountId);
    return { result: "set_aside" };
  }

  /** They are committed, those that were set aside among them. */
  committed(inputs: readonly Input[], events: readonly RecordedEvent[]): void {
    for (const input of inputs) {
      const isSetAside = this.#suspects.size > 0 && this.#suspects.delete(suspectOf(input));
      if (isSetAside) {
        this.#pace.slow(input);
        if (input.kind === "report" || input.kind === "outcome") this.#quarantine.add(input);
      } else {
        this.#pace.taken(input);
      }
    }
    for (const { accountId, event } of events) {
      // A view that said nothing new proves nothing.
      if (event.type === "AccountObserved") this.#blind.delete(accountId);
      // A person has seen to it: what is told again is tried again.
      else if (event.type === "SymbolUnfrozen") this.#quarantine.forget();
    }
  }

  stop(): void {
    this.#pace.stop();
  }
}
