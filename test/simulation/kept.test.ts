// Seeds that failed once fail no more, and one seed is one run.
import { describe, expect, it } from "vitest";
import { expectSound } from "./judged.ts";
import { KEPT_SEEDS } from "./kept-seeds.ts";
import { run } from "./scenario.ts";

describe("a seed that failed once", () => {
  // oxlint-disable-next-line vitest/expect-expect
  it.each([...KEPT_SEEDS])("%i is sound: %s", (seed) => expectSound([seed], new Map()));
});

describe("one seed", () => {
  it("is one run, to the last step and the last line", async () => {
    const [one, other] = [await run(7, { traced: true }), await run(7, { traced: true })];
    expect(other.fingerprint).toBe(one.fingerprint);
    expect(other.trace).toEqual(one.trace);
    expect(one.trace.length).toBeGreaterThan(100);
  });

  it("is not another", async () => {
    expect((await run(7)).fingerprint).not.toBe((await run(8)).fingerprint);
  });
});
