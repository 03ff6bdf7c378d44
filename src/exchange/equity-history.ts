// The equity of every account, minute by minute, for charts. Kept in memory: a restart begins anew.
import type { Account } from "./core/account.ts";
import { equity } from "./core/account.ts";
import { firstFrom } from "./core/first-from.ts";

interface Sample {
  readonly at: number;
  readonly value: number;
}

const EVERY_MS = 60_000;
const MAX_SAMPLES = 31 * 24 * 60;

export class EquityHistory {
  readonly #samples = new Map<string, Sample[]>();
  #nextAt = 0;

  take(accounts: Iterable<Account>, now: number): void {
    if (now < this.#nextAt) return;
    this.#nextAt = now + EVERY_MS;
    for (const account of accounts) {
      let samples = this.#samples.get(account.id);
      if (samples === undefined) this.#samples.set(account.id, (samples = []));
      samples.push({ at: now, value: Number(equity(account).round(2, "half_up").toString()) });
      if (samples.length > MAX_SAMPLES) samples.shift();
    }
  }

  /** The last value known before an instant; null when it is older than what is kept, or still open. */
  before(account: Account, at: number): number | null {
    const samples = this.#samples.get(account.id) ?? [];
    const newest = samples.at(-1);
    if (newest !== undefined && at > newest.at + EVERY_MS) return null;
    return samples[Math.max(0, firstFrom(samples, at) - 1)]?.value ?? null;
  }
}
