// The price that an account may use of an instrument. A split changes what a share is, so that a price
// from before it values nothing: it counts as none until the market has told one since. It is not scaled
// by the split's factor: what an account got for its shares is rounded (fractions are paid in cash), so a
// factor taken from there is not exact, and a price that nobody quoted is a guess. What that costs is an
// entry refused between the split and the first price after it; exits pass.
import type { AccountBook } from "../book.ts";
import type { InstrumentId } from "../ids.ts";
import type { Mark, MarkSource } from "../market.ts";

export function markFor(
  { splits }: Pick<AccountBook, "splits">,
  marks: Pick<MarkSource, "get">,
  id: InstrumentId,
): Mark | undefined {
  const mark = marks.get(id);
  // Nearly always empty: what is not there is not looked up.
  if (mark === undefined || splits.size === 0) return mark;
  const splitAt = splits.get(id);
  return splitAt !== undefined && mark.at < splitAt ? undefined : mark;
}
