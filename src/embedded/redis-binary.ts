// Finds a Redis or Valkey server: on the PATH, in Homebrew's places, in the cache, as a Debian package.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { messageOf } from "../operator-error.ts";
import { canFetchPackage, fetchPackage, unpackedServer } from "./redis-package.ts";

export interface RedisBinary {
  readonly command: string;
  readonly version: string;
  /** Where its libraries are, when it was unpacked privately. */
  readonly libraryPath: string | null;
  readonly found: "installed" | "cached" | "fetched";
}

export interface RedisSearch {
  /** The folders of PATH, in order. */
  readonly searchPath: readonly string[];
  readonly cacheDirectory: string;
}

/** What was tried, and why each way failed, for the line that tells a person what to install. */
export interface RedisMissing {
  readonly tried: readonly string[];
}

/** Functions and XAUTOCLAIM with deleted ids came with 7.0. */
export const OLDEST_REDIS_MAJOR = 7;

const names = ["redis-server", "valkey-server"];
const usualPlaces = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", "/opt/local/bin"];
const homebrewFormulas = ["redis", "valkey"].flatMap((formula) => [
  `/opt/homebrew/opt/${formula}/bin`,
  `/usr/local/opt/${formula}/bin`,
  `/home/linuxbrew/.linuxbrew/opt/${formula}/bin`,
]);

export async function findRedis(search: RedisSearch): Promise<RedisBinary | RedisMissing> {
  const local = await findInstalledOrCached(search);
  if ("command" in local) return local;
  const tried = [...local.tried];
  const directory = cachedServer(search);
  if (!canFetchPackage([...search.searchPath, "/usr/bin"])) {
    tried.push("this system has no apt-get to fetch a package with");
    return { tried };
  }
  try {
    await fetchPackage(directory);
  } catch (error) {
    const lines = messageOf(error).trim().split("\n");
    tried.push(`fetching the package failed: ${lines.at(-1) ?? ""}`);
    return { tried };
  }
  return (await tryUnpacked(directory, "fetched", tried)) ?? { tried };
}

/** The first rungs, which change nothing and need no network. */
export async function findInstalledOrCached(
  search: RedisSearch,
): Promise<RedisBinary | RedisMissing> {
  const tried: string[] = [];
  const installed = await findInstalled(search.searchPath, tried);
  return installed ?? (await tryUnpacked(cachedServer(search), "cached", tried)) ?? { tried };
}

function cachedServer({ cacheDirectory }: RedisSearch): string {
  return join(cacheDirectory, "redis");
}

async function findInstalled(
  searchPath: readonly string[],
  tried: string[],
): Promise<RedisBinary | null> {
  const folders = [...new Set([...searchPath, ...usualPlaces, ...homebrewFormulas])];
  const commands = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  for (const command of commands.filter((path) => existsSync(path))) {
    const version = await versionOf(command, null);
    if (isNewEnough(version)) return { command, version, libraryPath: null, found: "installed" };
    tried.push(`${command} is ${describe(version)}`);
  }
  if (tried.length === 0) tried.push("neither redis-server nor valkey-server is on the PATH");
  return null;
}

async function tryUnpacked(
  directory: string,
  found: "cached" | "fetched",
  tried: string[],
): Promise<RedisBinary | null> {
  const server = unpackedServer(directory);
  if (server === null) return null;
  const version = await versionOf(server.command, server.libraryPath);
  if (isNewEnough(version)) return { ...server, version, found };
  tried.push(`${server.command} is ${describe(version)}`);
  return null;
}

/** A binary that exists may still not run, for want of a newer C library: only its answer counts. */
async function versionOf(command: string, libraryPath: string | null): Promise<string | null> {
  const environment = libraryPath === null ? {} : { env: { LD_LIBRARY_PATH: libraryPath } };
  try {
    const options = { ...environment, timeout: 5_000 };
    const { stdout } = await promisify(execFile)(command, ["--version"], options);
    return /(?:v=|version )(\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? null;
  } catch {
    return null;
  }
}

function isNewEnough(version: string | null): version is string {
  return version !== null && Number.parseInt(version, 10) >= OLDEST_REDIS_MAJOR;
}

function describe(version: string | null): string {
  return version === null ? "not runnable here" : `version ${version}, older than 7`;
}
