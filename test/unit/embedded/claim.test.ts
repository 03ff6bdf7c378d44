import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { claim, exclusively, ownerOf } from "../../../src/embedded/claim.ts";
import { identityOf } from "../../../src/embedded/process.ts";

let directory = "";
let path = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "fillstream-claim-"));
  path = join(directory, "lock");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("a claim", () => {
  test("is held by one living process, and names it", () => {
    const held = claim(path);
    expect(claim(path)).toEqual({ owner: process.pid });
    if ("release" in held) held.release();
    expect(ownerOf(path)).toBeNull();
    expect(claim(path)).toHaveProperty("release");
  });

  test("of a process that is gone is nobody's", () => {
    writeFileSync(path, "999999999\nsome boot:1\n");
    expect(claim(path)).toHaveProperty("release");
  });

  test("of a process whose number was given out anew is nobody's", () => {
    writeFileSync(path, `${process.pid}\nanother boot:1\n`);
    expect(ownerOf(path)).toBeNull();
    writeFileSync(path, `${process.pid}\n${identityOf(process.pid)}\n`);
    expect(ownerOf(path)).toBe(process.pid);
  });

  test("leaves no draft behind", () => {
    claim(path);
    claim(path);
    expect(readdirSync(directory)).toEqual(["lock"]);
  });

  test("that its owner left goes to one of several processes that want it", async () => {
    const count = 500;
    for (let index = 0; index < count; index += 1) {
      writeFileSync(join(directory, `lock-${index}`), "999999999\nsome boot:1\n");
    }
    const script = fileURLToPath(new URL("./claimant.ts", import.meta.url));
    const args = ["--import", "tsx", script, directory, String(count)];
    const claimants = [1, 2, 3].map(() =>
      spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] }),
    );
    const said = claimants.map((each) =>
      createInterface({ input: each.stdout })[Symbol.asyncIterator](),
    );
    await Promise.all(said.map((lines) => lines.next()));
    for (const each of claimants) each.stdin.write("go\n");
    const won = await Promise.all(said.map(async (lines) => Number((await lines.next()).value)));
    for (const each of claimants) each.kill();
    expect(won.reduce((sum, each) => sum + each)).toBe(count);
  }, 60_000);

  test("lets one section run at a time", async () => {
    let inside = 0;
    let most = 0;
    const section = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all([exclusively(path, section), exclusively(path, section)]);
    expect(most).toBe(1);
  });
});
