// Which fills are gone, when all that is known is what is left.

/** Of more, pairs are not tried: nobody busts two of so many. */
const MAX_FOR_PAIRS = 40;

/** One that fits, or two that do together; null when none do. */
export function fewest<T>(
  among: readonly T[],
  fits: (...chosen: readonly T[]) => boolean,
): readonly T[] | null {
  const one = among.find((each) => fits(each));
  if (one !== undefined) return [one];
  if (among.length > MAX_FOR_PAIRS) return null;
  for (const [index, first] of among.entries()) {
    const second = among.slice(index + 1).find((each) => fits(first, each));
    if (second !== undefined) return [first, second];
  }
  return null;
}
