// The watchlists of all accounts. Kept in memory: nothing trades on them.
import type { Asset } from "../core/asset.ts";

export interface Watchlist {
  readonly id: string;
  readonly accountId: string;
  readonly createdAt: number;
  name: string;
  updatedAt: number;
  assets: Asset[];
}

export class Watchlists {
  readonly #lists = new Map<string, Watchlist>();

  of(accountId: string): readonly Watchlist[] {
    return [...this.#lists.values()].filter((list) => list.accountId === accountId);
  }

  add(list: Watchlist): void {
    this.#lists.set(list.id, list);
  }

  remove(list: Watchlist): void {
    this.#lists.delete(list.id);
  }
}
