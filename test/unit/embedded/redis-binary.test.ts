import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findInstalledOrCached } from "../../../src/embedded/redis-binary.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "fillstream-redis-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A program that answers `--version` as a server of that name and version does. */
function program(folder: string, name: string, says: string): string {
  mkdirSync(join(directory, folder), { recursive: true });
  const path = join(directory, folder, name);
  writeFileSync(path, `#!/bin/sh\n${says}\n`, { mode: 0o755 });
  return path;
}
const redis = (version: string): string =>
  `echo "Redis server v=${version} sha=00000000:0 malloc=libc bits=64 build=1"`;

const search = (...folders: string[]) =>
  findInstalledOrCached({
    searchPath: folders.map((folder) => join(directory, folder)),
    cacheDirectory: join(directory, "cache"),
  });

describe("the way to a Redis", () => {
  test("takes the first on the PATH that is new enough", async () => {
    program("old", "redis-server", redis("6.2.14"));
    const command = program("new", "redis-server", redis("7.2.5"));
    program("newest", "redis-server", redis("8.0.0"));
    expect(await search("old", "new", "newest")).toMatchObject({ command, version: "7.2.5" });
  });

  test("takes a Valkey as well", async () => {
    const command = program("bin", "valkey-server", 'echo "Valkey server v=8.1.1 sha=0:0"');
    expect(await search("bin")).toMatchObject({ command, version: "8.1.1", found: "installed" });
  });

  test("takes the cached one after those, with its own libraries", async () => {
    program("bin", "redis-server", "exit 127");
    const says = `test -n "$LD_LIBRARY_PATH" && ${redis("7.0.15")}`;
    const command = program("cache/redis/usr/bin", "redis-server", says);
    mkdirSync(join(directory, "cache/redis/usr/lib/x86_64-linux-gnu"), { recursive: true });
    const found = await search("bin");
    // A newer one in a usual place of this machine would rightly come first.
    if ("found" in found && found.found === "installed") return;
    expect(found).toMatchObject({ command, version: "7.0.15", found: "cached" });
  });

  test("says of each one why it does not do", async () => {
    const broken = program("bin", "redis-server", "exit 1");
    const old = program("bin", "valkey-server", 'echo "Valkey server v=6.0.0"');
    const found = await search("bin");
    if ("command" in found) return;
    expect(found.tried).toEqual([
      `${broken} is not runnable here`,
      `${old} is version 6.0.0, older than 7`,
    ]);
  });
});
