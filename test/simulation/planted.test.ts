// The auditor can see: each of eleven mistakes, planted one by one, is found within two hundred seeds, and
// for what it is.
import { describe, expect, it } from "vitest";
import { BUGS, type Bug } from "./bugs.ts";
import { run } from "./scenario.ts";

const SEEDS = 200;

/** What the mistake breaks, in the auditor's words. */
const BREAKS: Readonly<Record<Bug, RegExp>> = {
  "no fence": /^invariant 11/,
  "no deduplication": /^invariant 8/,
  "effect before intent": /^invariant 3/,
  "no catch-up": /^invariant 8/,
  "blind retry": /^invariant 2/,
  "new reference on retry": /^invariant 3/,
  "sweep off": /^invariant 1:/,
  "order not kept": /^invariant 12/,
  "execution counted by id alone": /^invariant 8/,
  "stop checked too early": /^invariant 14/,
  "whole asked of every replacement": /^invariant 5: .* were asked for/,
};

describe("a planted mistake", () => {
  it.each(BUGS)("is found: %s", async (bug) => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const { problems } = await run(seed, { bug });
      if (problems.some((problem) => BREAKS[bug].test(problem))) return;
    }
    expect.fail(`${SEEDS} seeds did not show it`);
  });
});
