// `--fresh`: removes what earlier starts left in the data directory, by name, and nothing else.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { holderAlive, readHolder } from "../../embedded/holders.ts";
import { unusable } from "../../embedded/directory.ts";
import { postgresDirectory } from "../../embedded/servers.ts";
import { OperatorError } from "../../operator-error.ts";

/** A data directory may be set to a folder that holds other things too, so the names are listed. */
const ours = [
  "postgres",
  "postgres.new",
  "postgres.password",
  "postgres.log",
  "redis",
  "exchange",
  "admin-key",
  "env",
  "parts.json",
];

export function removeData(dataDirectory: string): void {
  refuseWhileHeld(join(dataDirectory, "holders"));
  const cluster = postgresDirectory(dataDirectory);
  const outside = dirname(cluster) === dataDirectory ? [] : [dirname(cluster)];
  const paths = [...ours.map((name) => join(dataDirectory, name)), ...outside];
  for (const path of paths) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch (error) {
      throw unusable(path, error);
    }
  }
}

function refuseWhileHeld(holders: string): void {
  if (!existsSync(holders)) return;
  const living = readdirSync(holders)
    .map((name) => readHolder(join(holders, name)))
    .find(holderAlive);
  if (living === undefined) return;
  throw new OperatorError(
    `Process ${living.pid} still uses the data that --fresh would remove: stop it first.`,
  );
}
