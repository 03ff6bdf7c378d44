import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readIfThere } from "../../../src/embedded/read-if-there.ts";

const directory = mkdtempSync(join(tmpdir(), "fillstream-read-"));
afterAll(() => rmSync(directory, { recursive: true }));

it("a file that its server has just removed is none, and what cannot be read is told", () => {
  const path = join(directory, "postmaster.pid");
  expect(readIfThere(path)).toBeNull();
  writeFileSync(path, "1\n");
  expect(readIfThere(path)).toBe("1\n");
  rmSync(path);
  expect(readIfThere(path)).toBeNull();
  expect(() => readIfThere(directory)).toThrow("EISDIR");
});
