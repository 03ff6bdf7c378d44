// An entry of an account that is no trade: a dividend, a split, a transfer of cash. It moves cash or
// shares once; what it says may be taken back or corrected later, under the same id.
import type { Decimal } from "../../domain/decimal.ts";
import type { Micros } from "./order.ts";

/** As the wire calls them. */
export type EntryType = "DIV" | "SPLIT" | "CSD" | "CSW" | "JNLC" | "INT" | "FEE";
export type EntryStatus = "executed" | "correct" | "canceled";

export interface Entry {
  readonly id: string;
  readonly accountId: string;
  readonly type: EntryType;
  readonly subType: string | null;
  readonly symbol: string | null;
  /** Of a dividend the shares that it was paid for; else what came in, negative when it went out. */
  readonly quantity: Decimal | null;
  readonly price: Decimal | null;
  readonly perShare: Decimal | null;
  /** What came in; negative when it went out. */
  readonly amount: Decimal;
  readonly description: string;
  /** The two halves of a split have the same. */
  readonly groupId: string | null;
  readonly split: Split | null;
  readonly status: EntryStatus;
  readonly at: Micros;
}

/** `to` new shares for `from` old ones. */
export interface SplitRatio {
  readonly from: number;
  readonly to: number;
}

export interface Split extends SplitRatio {
  readonly before: Decimal;
  readonly after: Decimal;
}

/** Told once when it is made, and once more for each change. */
export interface EntryNews {
  readonly entry: Entry;
  /** What is told now has an id of its own, as a corrected trade has. */
  readonly id: string;
  readonly previousId: string | null;
  readonly at: Micros;
}

const NONE: readonly Entry[] = [];

export class EntryStore {
  readonly #byId = new Map<string, Entry>();
  readonly #byAccount = new Map<string, Entry[]>();

  get size(): number {
    return this.#byId.size;
  }

  /** A changed entry takes the place of what it was. */
  put(entry: Entry): void {
    const before = this.#byId.get(entry.id);
    this.#byId.set(entry.id, entry);
    let list = this.#byAccount.get(entry.accountId);
    if (list === undefined) this.#byAccount.set(entry.accountId, (list = []));
    if (before === undefined) list.push(entry);
    else list[list.indexOf(before)] = entry;
  }

  get(id: string): Entry | undefined {
    return this.#byId.get(id);
  }

  all(): Iterable<Entry> {
    return this.#byId.values();
  }

  /** Ascending by time. */
  of(accountId: string): readonly Entry[] {
    return this.#byAccount.get(accountId) ?? NONE;
  }
}
