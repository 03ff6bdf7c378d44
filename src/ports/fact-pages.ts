// The facts of a position on record, page by page: there may be millions.
import type { Place } from "../domain/position/place.ts";
import type { FactPage, StoredFact } from "./store.ts";

export async function* factPages(
  load: (page: FactPage) => Promise<readonly StoredFact[]>,
  { after: start, limit }: FactPage,
): AsyncGenerator<readonly StoredFact[]> {
  let after: Place | null = start;
  for (;;) {
    const page = await load({ after, limit });
    yield page;
    if (page.length < limit) return;
    after = page.at(-1)?.fact ?? null;
  }
}
