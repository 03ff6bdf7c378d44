// How much of the machine's memory the server of `npm start` keeps pages in.
import { expect, it } from "vitest";
import { cacheMegabytes } from "../../../src/embedded/postgres.ts";

const GB = 1024 ** 3;

it.each([
  [GB / 4, 128],
  [2 * GB, 256],
  [4 * GB + 5, 512],
  [64 * GB, 1_024],
])("of %d bytes %d MB", (bytes, megabytes) => {
  expect(cacheMegabytes(bytes)).toBe(megabytes);
});
