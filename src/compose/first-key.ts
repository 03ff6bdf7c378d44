// Outside mock mode every caller needs a key, so the first start makes one and leaves it in a file.
import { randomFillSync } from "node:crypto";
import { join } from "node:path";
import { makeKey } from "../api/auth/api-key.ts";
import { timeOrderedIds } from "../app/time-ordered-ids.ts";
import type { Config } from "../config.ts";
import { connect, type Sql } from "../db/client.ts";
import { createKey, listKeys } from "../db/queries/keys.ts";
import { exclusively } from "../embedded/claim.ts";
import { makeDirectory, writePrivateFile } from "../embedded/directory.ts";

/** The path of the file with the new admin key; null when there are keys, or none is needed. */
export async function makeFirstKey(config: Config): Promise<string | null> {
  if (config.auth === "off" || config.databaseUrl === null) return null;
  const sql = connect({ url: config.databaseUrl, maxConnections: 1, name: "fillstream first key" });
  try {
    makeDirectory(config.dataDirectory, 0o711);
    // Several API processes may start together on a new database.
    const lock = join(config.dataDirectory, "first-key.lock");
    return await exclusively(lock, () => makeUnlessThere(sql, config.dataDirectory));
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function makeUnlessThere(sql: Sql, directory: string): Promise<string | null> {
  if ((await listKeys(sql)).length > 0) return null;
  const { key, prefix, hash } = makeKey();
  const path = join(directory, "admin-key");
  // Written first: a key in the database that nobody has would lock everyone out.
  writePrivateFile(path, `${key}\n`);
  const ids = timeOrderedIds(Date.now, (bytes) => randomFillSync(bytes));
  await createKey(sql, {
    id: ids.next(),
    name: "the first start's admin key",
    prefix,
    hash,
    role: "admin",
    accounts: null,
    strategies: null,
    symbols: null,
    max_notional: null,
    require_idempotency: false,
    expires_at: null,
    created_by: "start",
  });
  return path;
}
