import { expect, it } from "vitest";
import { MAX_BATCH, nextBatchSize } from "../../../src/worker/batch-size.ts";

it.each([
  { what: "what took no time", inputs: 10, elapsedMs: 0, next: MAX_BATCH },
  { what: "nothing in no time", inputs: 0, elapsedMs: 0, next: MAX_BATCH },
  { what: "a fast machine", inputs: 500, elapsedMs: 100, next: MAX_BATCH },
  { what: "a slow one", inputs: 500, elapsedMs: 1_600, next: 62 },
  { what: "one that stands nearly still", inputs: 25, elapsedMs: 60_000, next: 25 },
  { what: "a small batch in good time", inputs: 25, elapsedMs: 50, next: 100 },
])("the batch behind $what has $next inputs", ({ inputs, elapsedMs, next }) => {
  expect(nextBatchSize(inputs, elapsedMs)).toBe(next);
});
