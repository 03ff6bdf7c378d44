// Orders as Alpaca has them: one, all that are open, all since an instant.
import type { BrokerOrderSnapshot, LookupOutcome } from "../../domain/broker.ts";
import type { BrokerOrderId, BrokerReference } from "../../domain/ids.ts";
import { BrokerRateLimited, BrokerUnavailable } from "../../ports/broker.ts";
import type { CallOptions, SymbolDirectory } from "../../ports/broker.ts";
import { snapshotOf } from "./map.ts";
import { readPages } from "./paging.ts";
import type { AlpacaRest } from "./rest.ts";
import { orderSchema, ordersSchema } from "./schema.ts";
import type { WireOrder } from "./schema.ts";

const PAGE = 500;
/** `after` excludes its own instant, and instants on this wire are finer than ours. */
const OVERLAP_MS = 1;
const CLASSES_WITH_LEGS: ReadonlySet<string> = new Set(["bracket", "oco", "oto"]);

type Query = { readonly status: "open" } | { readonly status: "all"; readonly since: number };

export class AlpacaOrderReads {
  readonly #rest: AlpacaRest;
  readonly #directory: SymbolDirectory;

  constructor(rest: AlpacaRest, directory: SymbolDirectory) {
    this.#rest = rest;
    this.#directory = directory;
  }

  async byReference(clientOrderId: BrokerReference, options: CallOptions): Promise<LookupOutcome> {
    return this.#lookUp(async () => {
      const order = await this.#rest.find("order", orderSchema, options, (init) =>
        this.#rest.orders.getOrderByClientOrderIdRaw({ clientOrderId }, init),
      );
      // This path has no way to ask for the legs.
      return order !== null && hasHiddenLegs(order) ? this.#nested(order.id, options) : order;
    });
  }

  async byId(brokerOrderId: BrokerOrderId, options: CallOptions): Promise<LookupOutcome> {
    return this.#lookUp(() => this.#nested(brokerOrderId, options));
  }

  open(options: CallOptions): Promise<readonly BrokerOrderSnapshot[]> {
    return this.#list({ status: "open" }, options);
  }

  since(since: number, options: CallOptions): Promise<readonly BrokerOrderSnapshot[]> {
    return this.#list({ status: "all", since }, options);
  }

  #nested(orderId: string, options: CallOptions): Promise<WireOrder | null> {
    return this.#rest.find("order", orderSchema, options, (init) =>
      this.#rest.orders.getOrderByOrderIDRaw({ orderId, nested: true }, init),
    );
  }

  async #lookUp(find: () => Promise<WireOrder | null>): Promise<LookupOutcome> {
    try {
      const order = await find();
      if (order === null) return { result: "not_found" };
      return { result: "found", snapshot: snapshotOf(order, this.#directory) };
    } catch (error: unknown) {
      if (error instanceof BrokerRateLimited) {
        return { result: "rate_limited", retryAt: error.retryAt };
      }
      if (error instanceof BrokerUnavailable) {
        return { result: "unavailable", cause: error.message };
      }
      throw error;
    }
  }

  /**
   * The flat list is the complete one, but its legs do not name their parent; the nested one does, and
   * is only asked for when there are legs. A leg whose parent is not in the list stands by itself.
   */
  async #list(query: Query, options: CallOptions): Promise<readonly BrokerOrderSnapshot[]> {
    const flat = await this.#pages(query, false, options);
    if (!flat.some(hasHiddenLegs)) return this.#snapshots(flat);
    const nested = new Map<string, WireOrder>();
    for (const order of await this.#pages(query, true, options)) nested.set(order.id, order);
    const legs = flat.flatMap((order) => nested.get(order.id)?.legs ?? []);
    const below = new Set(legs.map((leg) => leg.id));
    const trees = flat.filter((order) => !below.has(order.id));
    return this.#snapshots(trees.map((order) => nested.get(order.id) ?? order));
  }

  #pages(query: Query, nested: boolean, options: CallOptions): Promise<readonly WireOrder[]> {
    const first =
      query.status === "open" ? {} : { after: new Date(query.since - OVERLAP_MS).toISOString() };
    const { status } = query;
    const ask = { status, limit: PAGE, direction: "asc", nested } as const;
    return readPages({
      size: PAGE,
      read: (afterOrderId) =>
        this.#rest.read("orders", ordersSchema, options, (init) =>
          this.#rest.orders.getAllOrdersRaw(
            { ...ask, ...(afterOrderId === null ? first : { afterOrderId }) },
            init,
          ),
        ),
    });
  }

  #snapshots(orders: readonly WireOrder[]): readonly BrokerOrderSnapshot[] {
    return orders.map((order) => snapshotOf(order, this.#directory));
  }
}

function hasHiddenLegs(order: WireOrder): boolean {
  return order.legs === null && CLASSES_WITH_LEGS.has(order.order_class ?? "");
}
