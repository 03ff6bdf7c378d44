// Runs seeds for a test: every failing one is run again with its trace, which is what the test says.
import { expect } from "vitest";
import { unreached } from "./coverage.ts";
import { run } from "./scenario.ts";

const TRACE_LINES = 400;

export type Counts = Map<string, number>;

/** Adds what the seeds met to the counts. */
export async function expectSound(seeds: readonly number[], counts: Counts): Promise<void> {
  for (const seed of seeds) {
    const result = await run(seed);
    for (const [what, times] of result.counts) counts.set(what, (counts.get(what) ?? 0) + times);
    if (result.problems.length > 0) await tell(seed, result.problems);
  }
}

async function tell(seed: number, problems: readonly string[]): Promise<never> {
  const { trace } = await run(seed, { traced: true });
  const lines = [
    `seed ${seed}: npm run sim -- --seed ${seed}`,
    ...problems,
    ...trace.slice(-TRACE_LINES),
  ];
  return expect.fail(lines.join("\n"));
}

/**
 * The rarest trouble is met by four seeds in a hundred, so that a change of no weight may move it out of
 * a hundred: what is still missing is looked for in the seeds that follow.
 */
export async function expectAllMet(counts: Counts, following: readonly number[]): Promise<void> {
  for (const seed of following) {
    if (unreached(counts).length === 0) return;
    await expectSound([seed], counts);
  }
  expect(unreached(counts), "never met by any of these seeds").toEqual([]);
}

export const seedsFrom = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => first + index);
