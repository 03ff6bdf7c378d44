// A second request with the same key waits for the first for a moment, then it is told to come again.
import { describe, expect, it } from "vitest";
import { InProgress, PATIENCE_MS } from "../../../src/app/in-progress.ts";
import { Problem } from "../../../src/app/problem.ts";
import type { Acceptance } from "../../../src/ports/store.ts";
import { ManualClock, settle } from "../../support/manual-clock.ts";

// Of an acceptance only its key counts here.
const keyed = (key: string | null, scope = "bot:signal") =>
  ({ idempotency: key === null ? null : { scope, key } }) as Acceptance;

/** Work that ends when the test says so. */
function slowWork() {
  const ends: (() => void)[] = [];
  const begun: number[] = [];
  const work = async (free: readonly Acceptance[]) => {
    begun.push(free.length);
    await new Promise<void>((resolve) => {
      ends.push(resolve);
    });
    return free.map(() => "stored");
  };
  return { work, begun, endAll: () => ends.splice(0).forEach((end) => end()) };
}

describe("a request with a key that is under way", () => {
  it("is waited for, and all who waited go on together", async () => {
    const inProgress = new InProgress(new ManualClock());
    const { work, begun, endAll } = slowWork();
    const first = inProgress.run([keyed("k")], work);
    const others = [1, 2, 3].map(() => inProgress.run([keyed("k")], work));
    await settle();
    expect(begun).toEqual([1]);
    endAll();
    await first;
    await settle();
    expect(begun).toEqual([1, 1, 1, 1]);
    endAll();
    expect(await Promise.all(others)).toEqual([["stored"], ["stored"], ["stored"]]);
  });

  it("lets the second know that it is in progress when it takes longer", async () => {
    const clock = new ManualClock();
    const inProgress = new InProgress(clock);
    const { work, begun, endAll } = slowWork();
    const first = inProgress.run([keyed("k")], work);
    const second = inProgress.run([keyed("k"), keyed("other"), keyed(null)], work);
    await clock.advance(PATIENCE_MS);
    expect(begun).toEqual([1, 2]);
    endAll();
    const [busy, ...rest] = await second;
    expect(busy).toBeInstanceOf(Problem);
    expect(busy).toMatchObject({ code: "in_progress", retryAfterSeconds: 1 });
    expect(rest).toEqual(["stored", "stored"]);
    expect(await first).toEqual(["stored"]);
  });

  it("is in nobody's way with another key, another scope or none", async () => {
    const inProgress = new InProgress(new ManualClock());
    const { work, begun, endAll } = slowWork();
    const running = [
      keyed("k"),
      keyed("l"),
      keyed("k", "bot:cancel"),
      keyed(null),
      keyed(null),
    ].map((item) => inProgress.run([item], work));
    // At once, without a turn of the loop: requests keep their order.
    expect(begun).toEqual([1, 1, 1, 1, 1]);
    endAll();
    await Promise.all(running);
  });

  it("that failed leaves the key to the next", async () => {
    const inProgress = new InProgress(new ManualClock());
    const failing = inProgress.run([keyed("k")], () => Promise.reject(new Error("away")));
    await expect(failing).rejects.toThrow("away");
    const { work, begun, endAll } = slowWork();
    const next = inProgress.run([keyed("k")], work);
    expect(begun).toEqual([1]);
    endAll();
    expect(await next).toEqual(["stored"]);
  });

  it("twice in one batch is one request: the store knows which came first", async () => {
    const inProgress = new InProgress(new ManualClock());
    const { work, begun, endAll } = slowWork();
    const both = inProgress.run([keyed("k"), keyed("k")], work);
    expect(begun).toEqual([2]);
    endAll();
    expect(await both).toEqual(["stored", "stored"]);
  });
});
