// Lists that come page by page, as their callers here want them: whole.

/** All of it, once its last page has come. */
export async function wholeOf<Item>(pages: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}

/** A list that comes at once. */
export async function* onePage<Item>(
  items: Promise<readonly Item[]>,
): AsyncGenerator<readonly Item[]> {
  yield await items;
}
