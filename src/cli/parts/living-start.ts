// What a running `npm start` says of itself, for commands that are called beside it.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { loadConfig, type Config } from "../../config.ts";
import { ownerOf } from "../../embedded/claim.ts";

/** The configuration, on the addresses of the start that runs on this data directory, if one does. */
export function loadConfigBesideStart(): Config {
  const config = loadConfig();
  const file = join(config.dataDirectory, "env");
  const runs = ownerOf(join(config.dataDirectory, "start.lock")) !== null;
  if (!runs || !existsSync(file)) return config;
  return loadConfig({ beneath: parseEnv(readFileSync(file, "utf8")) });
}
