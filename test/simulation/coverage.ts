// What a run of many seeds must have met at least once: every kind of fault, and every path on which the
// engine recovers. A simulation that never gets there proves nothing about it.
const SOMETIMES: readonly string[] = [];

/** What none of the runs met. A name stands for everything that begins with it. */
export function unreached(counts: ReadonlyMap<string, number>): readonly string[] {
  const met = [...counts.keys()];
  return SOMETIMES.filter((name) => !met.some((key) => key.startsWith(name)));
}
