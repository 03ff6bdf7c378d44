// The other side: what the exchange's own ledger says, which knows nothing of our tables.
import { z } from "zod";
import type { ActivityIds } from "../../src/exchange/settings.ts";

const order = z.object({
  id: z.string(),
  client_order_id: z.string(),
  key: z.string(),
  symbol: z.string(),
  status: z.string(),
  filled_qty: z.string(),
  submitted_at: z.string(),
});
const page = z.object({ orders: z.array(order), next: z.number().nullable() });
const accounts = z.object({
  accounts: z.array(
    z.object({ key: z.string(), positions: z.record(z.string(), z.object({ qty: z.string() })) }),
  ),
});

export type VenueOrder = z.output<typeof order>;

const PAGE = 10_000;

export class Venue {
  readonly #control: string;

  constructor(control: string) {
    this.#control = control;
  }

  /** Every order there ever was, in the order in which it came, account by account. */
  async orders(): Promise<readonly VenueOrder[]> {
    const found: VenueOrder[] = [];
    for (let from: number | null = 0; from !== null;) {
      const read: z.output<typeof page> = page.parse(
        await this.#get(`/ledger/orders?from=${from}&limit=${PAGE}`),
      );
      found.push(...read.orders);
      from = read.next;
    }
    return found;
  }

  /** Quantities that are not zero, by account and symbol, which positions of coins write without a stroke. */
  async positions(): Promise<ReadonlyMap<string, string>> {
    const read = accounts.parse(await this.#get("/ledger/accounts"));
    return new Map(
      read.accounts.flatMap(({ key, positions }) =>
        Object.entries(positions).map(([symbol, { qty }]) => [`${key} ${symbol}`, qty] as const),
      ),
    );
  }

  freezePrices(): Promise<void> {
    return this.#send("POST", "/prices/freeze", { frozen: true });
  }

  nameActivities(ids: ActivityIds): Promise<void> {
    return this.#send("PATCH", "/settings", { activity_ids: ids });
  }

  async #send(method: string, path: string, body: unknown): Promise<void> {
    const headers = { "content-type": "application/json" };
    const request = { method, body: JSON.stringify(body), headers };
    const { status } = await fetch(`${this.#control}${path}`, request);
    if (status !== 200) throw new Error(`${method} ${path}: ${status}`);
  }

  async #get(path: string): Promise<unknown> {
    const answer = await fetch(`${this.#control}${path}`);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}
