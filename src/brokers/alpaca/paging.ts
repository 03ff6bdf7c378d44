// Lists that come in pages. An order list has no page token: the next page begins behind an order's id,
// so that orders of one instant are never split between "already seen" and "excluded".
import { BrokerUnavailable } from "../../ports/broker.ts";

/** A list longer than this is a broken cursor, not an account. */
const MAX_PAGES = 10_000;

interface Listed {
  readonly id: string;
  /** Its id is not the broker's, and no page goes on behind it. */
  readonly isUnnamed?: boolean;
}

interface Page<Item> {
  readonly size: number;
  readonly read: (afterId: string | null) => Promise<readonly Item[]>;
}

export async function readPages<Item extends Listed>(page: Page<Item>): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const found of pagesOf(page)) items.push(...found);
  return items;
}

/** One after the other, as they are asked for, each item once. */
export async function* pagesOf<Item extends Listed>({
  size,
  read,
}: Page<Item>): AsyncGenerator<readonly Item[]> {
  const seen = new Set<string>();
  let last: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const found: readonly Item[] = await read(last);
    const fresh = found.filter(({ id }) => seen.size < seen.add(id).size);
    if (fresh.length > 0) yield fresh;
    if (found.length < size) return;
    // A broker that ignores the cursor would give the first page for ever.
    if (fresh.length === 0) break;
    last = found.findLast(({ isUnnamed }) => isUnnamed !== true)?.id ?? null;
    if (last === null) break;
  }
  throw new BrokerUnavailable("a list that does not end: its pages repeat themselves");
}
