// What an account held before its first order is its opening balance, so its signals wait for the first
// view of its broker and for the trading day behind it; so do they when what the record knows of its balance
// is old, as behind a night without a worker. An account that its broker does not answer for, or whose keys it
// refuses, waits no longer: its signals are refused for want of a balance.
import type { AccountBook } from "../domain/book.ts";
import type { AccountId } from "../domain/ids.ts";
import { isFresh } from "../domain/risk/equity-age.ts";
import type { Clock } from "../ports/clock.ts";

const FIRST_CONTACT_MS = 10_000;

export interface FirstContactShell {
  readonly clock: Clock;
  account(id: AccountId): AccountBook | undefined;
  /** The broker refuses the account's keys: waiting brings nothing. */
  isShutOut(id: AccountId): boolean;
  /** Its broker can be reached. */
  isUp(id: AccountId): boolean;
  /** Somebody who waited in vain may go on. */
  onOver(): void;
}

export class FirstContact {
  readonly #shell: FirstContactShell;
  readonly #waiting = new Set<AccountId>();
  /** Those for which nothing came in their time. */
  readonly #missed = new Set<AccountId>();
  readonly #disarms = new Set<() => void>();

  constructor(shell: FirstContactShell) {
    this.#shell = shell;
  }

  /** The account is new here: from now on it has its time. */
  expect(id: AccountId): void {
    if (this.#isMet(id)) return;
    this.#waiting.add(id);
    const disarm = this.#shell.clock.after(FIRST_CONTACT_MS, () => {
      this.#disarms.delete(disarm);
      if (!this.#waiting.delete(id)) return;
      this.#missed.add(id);
      this.#shell.onOver();
    });
    this.#disarms.add(disarm);
  }

  waitsFor(id: AccountId): boolean {
    if (this.#isMet(id)) {
      this.#waiting.delete(id);
      this.#missed.delete(id);
      return false;
    }
    if (!this.#waiting.has(id) && this.#isDueAgain(id)) this.expect(id);
    return this.#waiting.has(id) && !this.#shell.isShutOut(id);
  }

  /** It was met, and what is known of it is old: once it can be reached it is looked at soon. */
  #isDueAgain(id: AccountId): boolean {
    const { equity = null, day = null } = this.#shell.account(id) ?? {};
    if (equity === null || day === null) return false;
    if (this.#shell.isUp(id)) return !this.#missed.has(id);
    this.#missed.delete(id);
    return false;
  }

  stop(): void {
    for (const disarm of this.#disarms) disarm();
    this.#disarms.clear();
  }

  #isMet(id: AccountId): boolean {
    const { equity = null, day = null } = this.#shell.account(id) ?? {};
    return day !== null && equity !== null && isFresh(equity, this.#shell.clock.now());
  }
}
