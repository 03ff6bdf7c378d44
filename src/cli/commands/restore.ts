// `fillstream restore FILE`: puts a backup back, whole or not at all, and leaves trading reduced.
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Config } from "../../config.ts";
import { errorCode, messageOf, OperatorError } from "../../operator-error.ts";
import { UsageError } from "../command.ts";
import { loadConfigBesideStart } from "../parts/living-start.ts";
import { applyMigrations } from "../parts/migrated.ts";
import { databaseUrlOf, withServers } from "../parts/servers.ts";

export const name = "restore";
export const summary = "put a backup back";
export const usage = `fillstream restore <file> [--replace]

  --replace   throw away what the database holds now

  fillstream restore fillstream-2026-11-20.backup --replace`;

export async function run(args: string[]): Promise<number> {
  const options = { replace: { type: "boolean", default: false } } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError("Name one file to restore.");
  if (!existsSync(file)) throw new OperatorError(`There is no file ${file}.`);
  const held = await withServers(loadConfigBesideStart(), "postgres and redis");
  try {
    await applyMigrations(held.config);
    const { restore } = await import("../../db/backup/restore.ts");
    const url = databaseUrlOf(held.config);
    const { madeAt, rows } = await restore(url, file, values).catch(refuse(file));
    await forgetStreams(held.config);
    process.stdout.write(`${rows} rows as of ${madeAt} are back.\n${advice}`);
    return 0;
  } finally {
    await held.release();
  }
}

const advice = `Trading is reducing: nothing opens. The broker did not go back in time, so the next start compares
with it; look at the differences, then \`fillstream resume\`.
`;

function refuse(file: string): (error: unknown) => never {
  return (error) => {
    const kind = error instanceof Error ? error.name : "";
    if (kind === "RestoreRefused") throw new OperatorError(messageOf(error), { cause: error });
    const code = errorCode(error) ?? "";
    if (kind === "NotABackup" || code.startsWith("Z_")) {
      throw new OperatorError(
        `${file} is no whole backup of Fillstream: ${messageOf(error)}. Nothing was changed.`,
        { cause: error },
      );
    }
    throw error;
  };
}

/** Entries of the time after the backup name numbers that the database gives out anew. */
async function forgetStreams({ redisUrl, partitions }: Config): Promise<void> {
  if (redisUrl === null) return;
  const { Redis } = await import("ioredis");
  const { laneKey } = await import("../../bus/keys.ts");
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 1 });
  try {
    for (let partition = 0; partition < partitions; partition += 1) {
      await redis.del(laneKey("signals", partition));
      await redis.del(laneKey("control", partition));
    }
  } finally {
    redis.disconnect();
  }
}
