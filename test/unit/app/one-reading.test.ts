import { expect, test } from "vitest";
import { OneReading } from "../../../src/app/one-reading.ts";

test("who asks during a reading gets the next one, and all who ask share it", async () => {
  const ends: (() => void)[] = [];
  const reading = new OneReading(() => new Promise<void>((resolve) => ends.push(resolve)));
  const first = reading.again();
  const second = reading.again();
  expect(reading.again()).toBe(second);
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await first;
  await Promise.resolve();
  expect(ends).toHaveLength(2);
  ends[1]?.();
  await second;
});

test("a reading that fails fails for those who asked for it, and the next one begins", async () => {
  let count = 0;
  const reading = new OneReading(async () => {
    count += 1;
    if (count === 1) throw new Error("away");
  });
  const [first, second] = await Promise.allSettled([reading.again(), reading.again()]);
  expect(first.status).toBe("rejected");
  expect(second.status).toBe("fulfilled");
  expect(count).toBe(2);
});
