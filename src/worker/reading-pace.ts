// Readings of the broker that keep bringing what cannot be taken are asked for ever later, so that they
// use up no rate budget of the orders that have nothing to do with it.
import type { Effect, Input } from "../domain/book.ts";
import type { AccountId } from "../domain/ids.ts";
import type { Clock } from "../ports/clock.ts";

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

interface Slowed {
  delayMs: number;
  /** Of the reading that is asked for already. */
  disarm: (() => void) | null;
  /** Since it was slowed last a reading was asked for. */
  wasAsked: boolean;
}

const viewOf = (accountId: AccountId) => `view ${accountId}`;

function readingOf(effect: Effect): string | null {
  if (effect.kind === "reconcile") return viewOf(effect.accountId);
  if (effect.kind === "call" && effect.call.kind === "lookup") return lookupOf(effect.call.orderId);
  return null;
}

const lookupOf = (orderId: string) => `lookup ${orderId}`;

function readingBehind(input: Input): string | null {
  if (input.kind === "view") return viewOf(input.accountId);
  if (input.kind !== "outcome" || input.outcome.kind !== "lookup") return null;
  return lookupOf(input.outcome.orderId);
}

export class ReadingPace {
  readonly #slowed = new Map<string, Slowed>();
  readonly #clock: Clock;
  readonly #perform: (effect: Effect) => void;

  constructor(clock: Clock, perform: (effect: Effect) => void) {
    this.#clock = clock;
    this.#perform = perform;
  }

  /** Views of the account come later from now on, the next one later still. */
  slowViews(accountId: AccountId): void {
    this.#slow(viewOf(accountId));
  }

  /** What brought this input brings nothing good. */
  slow(input: Input): void {
    const name = readingBehind(input);
    if (name !== null) this.#slow(name);
  }

  /** It was taken: the next reading may come at once. */
  taken(input: Input): void {
    if (this.#slowed.size === 0) return;
    const name = readingBehind(input);
    if (name !== null && this.#slowed.get(name)?.disarm === null) this.#slowed.delete(name);
  }

  perform(effect: Effect): void {
    const name = this.#slowed.size === 0 ? null : readingOf(effect);
    const slowed = name === null ? undefined : this.#slowed.get(name);
    if (slowed === undefined) {
      this.#perform(effect);
      return;
    }
    slowed.disarm ??= this.#clock.after(slowed.delayMs, () => {
      slowed.disarm = null;
      slowed.wasAsked = true;
      this.#perform(effect);
    });
  }

  stop(): void {
    for (const { disarm } of this.#slowed.values()) disarm?.();
    this.#slowed.clear();
  }

  #slow(name: string): void {
    const slowed = this.#slowed.get(name);
    if (slowed === undefined) {
      this.#slowed.set(name, { delayMs: FIRST_MS, disarm: null, wasAsked: false });
    } else if (slowed.wasAsked) {
      slowed.delayMs = Math.min(slowed.delayMs * 2, LONGEST_MS);
      slowed.wasAsked = false;
    }
  }
}
