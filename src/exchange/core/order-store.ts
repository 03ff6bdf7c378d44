// Every order ever taken, by id and by the client's own id. Both are used once, for ever. Orders that
// ended a while ago wait as text: a long day of trading is kept without a heap full of objects.
import type { Asset } from "./asset.ts";
import type { Micros, Order } from "./order.ts";
import { isClosed } from "./order.ts";
import type { OrderRecord } from "./order-record.ts";
import { readOrder, writeOrder } from "./order-record.ts";

const NONE: ReadonlySet<Order> = new Set();
/** So many ended orders stay as they are: late facts mostly concern the last ones. */
const KEPT_WHOLE = 2_000;

/** One account's orders in the order of their submission; two lists, for their size. */
interface Submitted {
  readonly ids: string[];
  readonly at: Micros[];
}

/** What an order is found by. */
export type OrderNames = Pick<Order, "id" | "accountId" | "clientOrderId" | "submittedAt">;

export interface Bounds {
  /** Both leave out what lies exactly on them. */
  readonly after: Micros | null;
  readonly until: Micros | null;
  readonly descending: boolean;
}

export class OrderStore {
  readonly #assets: ReadonlyMap<string, Asset>;
  readonly #byId = new Map<string, Order | string>();
  readonly #byClientId = new Map<string, Map<string, string>>();
  readonly #submitted = new Map<string, Submitted>();
  readonly #open = new Map<string, Set<Order>>();
  readonly #ended: Order[] = [];

  constructor(assets: ReadonlyMap<string, Asset>) {
    this.#assets = assets;
  }

  get size(): number {
    return this.#byId.size;
  }

  add(order: Order): void {
    this.#index(order, order);
    if (isClosed(order)) this.#ended.push(order);
    else this.#openOf(order.accountId).add(order);
  }

  /** An ended order, read back as text. */
  addText(names: OrderNames, text: string): void {
    this.#index(names, text);
  }

  #index(order: OrderNames, kept: Order | string): void {
    this.#byId.set(order.id, kept);
    let named = this.#byClientId.get(order.accountId);
    if (named === undefined)
      this.#byClientId.set(order.accountId, (named = new Map<string, string>()));
    named.set(order.clientOrderId, order.id);
    this.#insert(order.accountId, order.id, order.submittedAt);
  }

  /** Only to be looked at: an order kept as text is read anew each time. */
  get(id: string): Order | undefined {
    const kept = this.#byId.get(id);
    return typeof kept === "string" ? this.#read(kept) : kept;
  }

  /** To be changed: the one object that stands for the order from now on. */
  revive(order: Order): Order {
    const kept = this.#byId.get(order.id);
    if (typeof kept !== "string") return kept ?? order;
    const revived = this.#read(kept);
    this.#byId.set(order.id, revived);
    this.#ended.push(revived);
    return revived;
  }

  isUsed(accountId: string, clientOrderId: string): boolean {
    return this.#byClientId.get(accountId)?.has(clientOrderId) ?? false;
  }

  byClientOrderId(accountId: string, clientOrderId: string): Order | undefined {
    const id = this.#byClientId.get(accountId)?.get(clientOrderId);
    return id === undefined ? undefined : this.get(id);
  }

  /** Everything not closed, held legs too, in the order it came. */
  open(accountId: string): ReadonlySet<Order> {
    return this.#open.get(accountId) ?? NONE;
  }

  /** The order has ended. */
  close(order: Order): void {
    this.#open.get(order.accountId)?.delete(order);
    this.#ended.push(order);
  }

  /** Once what changed is written, the oldest of the ended orders turn into text. */
  putAway(): void {
    while (this.#ended.length > KEPT_WHOLE * 2) {
      for (const order of this.#ended.splice(0, KEPT_WHOLE)) {
        // The members of a group refer to each other and stay; a revived order has a newer object.
        const isCurrent = this.#byId.get(order.id) === order;
        if (isCurrent && order.groupId === null) this.#byId.set(order.id, writeOrder(order));
      }
    }
  }

  count(accountId: string): number {
    return this.#submitted.get(accountId)?.ids.length ?? 0;
  }

  /** By submission, within bounds. */
  *submitted(accountId: string, bounds: Bounds): Iterable<Order> {
    const list = this.#submitted.get(accountId);
    if (list === undefined) return;
    const { after, until, descending } = bounds;
    const first = after === null ? 0 : firstAtOrAfter(list.at, after + 1);
    const end = until === null ? list.ids.length : firstAtOrAfter(list.at, until);
    for (let step = 0; step < end - first; step += 1) {
      const id = list.ids[descending ? end - 1 - step : first + step];
      const order = id === undefined ? undefined : this.get(id);
      if (order !== undefined) yield order;
    }
  }

  *all(): Iterable<Order> {
    for (const id of this.#byId.keys()) {
      const order = this.get(id);
      if (order !== undefined) yield order;
    }
  }

  /** A leg counts as submitted when it goes live, so its place in the list changes then. */
  resubmit(order: Order, at: Micros): void {
    const list = this.#submitted.get(order.accountId);
    let index = list === undefined ? 0 : firstAtOrAfter(list.at, order.submittedAt);
    while (list !== undefined && index < list.ids.length && list.ids[index] !== order.id)
      index += 1;
    list?.ids.splice(index, 1);
    list?.at.splice(index, 1);
    order.submittedAt = at;
    this.#insert(order.accountId, order.id, at);
  }

  /** Nearly always at the end; a ledger that is read back may come in another order. */
  #insert(accountId: string, id: string, at: Micros): void {
    let list = this.#submitted.get(accountId);
    if (list === undefined) this.#submitted.set(accountId, (list = { ids: [], at: [] }));
    const last = list.at.at(-1);
    if (last === undefined || last <= at) {
      list.ids.push(id);
      list.at.push(at);
      return;
    }
    const index = firstAtOrAfter(list.at, at + 1);
    list.ids.splice(index, 0, id);
    list.at.splice(index, 0, at);
  }

  #openOf(accountId: string): Set<Order> {
    let orders = this.#open.get(accountId);
    if (orders === undefined) this.#open.set(accountId, (orders = new Set()));
    return orders;
  }

  #read(text: string): Order {
    const record = JSON.parse(text) as OrderRecord; // only writeOrder makes these texts
    return readOrder(record, this.#assets);
  }
}

function firstAtOrAfter(times: readonly Micros[], at: Micros): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
