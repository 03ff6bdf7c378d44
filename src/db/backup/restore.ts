// Puts a backup back, in one transaction: all of it, or nothing.
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { once } from "node:events";
import postgres from "postgres";
import { appliedMigrations } from "../migrate.ts";
import { quoted, tables, type Session } from "./catalog.ts";
import { countRows } from "./dump.ts";
import { NotABackup, readFrames, type Frame, type Header } from "./format.ts";

/** Why a restore is refused; the sentence says what to do about it. */
export class RestoreRefused extends Error {
  override readonly name = "RestoreRefused";
}

export interface RestoreSummary {
  readonly madeAt: string;
  readonly rows: number;
}

export interface RestoreOptions {
  /** Whether what the database holds now may be thrown away. */
  readonly replace: boolean;
}

/** No request of a worker that was fenced by the old epoch may pass the new one. */
const EPOCH_STEP = 1_000_000;

export async function restore(
  databaseUrl: string,
  path: string,
  { replace }: RestoreOptions,
): Promise<RestoreSummary> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    return await sql.begin(async (session) => {
      await session`SET LOCAL lock_timeout = '5s'`;
      await refuseLiving(session);
      if (!replace) await refuseFull(session);
      return load(session, readFrames(path));
    });
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function refuseLiving(session: Session): Promise<void> {
  const [row] = await session<{ owner: string }[]>`
    SELECT owner FROM leases WHERE owner IS NOT NULL AND until > now() LIMIT 1`;
  if (row === undefined) return;
  throw new RestoreRefused(
    `A worker (${row.owner}) still runs on this database: stop every worker and API first.`,
  );
}

/** What a first start writes by itself (accounts, instruments, a key) is nobody's loss. */
async function refuseFull(session: Session): Promise<void> {
  const [row] = await session<{ full: boolean }[]>`
    SELECT EXISTS (SELECT FROM order_events) OR EXISTS (SELECT FROM signals)
      OR EXISTS (SELECT FROM config_history) OR EXISTS (SELECT FROM webhook_endpoints)
      OR EXISTS (SELECT FROM fx_rates) OR EXISTS (SELECT FROM calendar_overrides) AS full`;
  if (row?.full !== true) return;
  throw new RestoreRefused(
    "This database already holds signals, events or settings of somebody: restore into an empty one, or add --replace to throw them away.",
  );
}

async function load(session: Session, frames: AsyncGenerator<Frame>): Promise<RestoreSummary> {
  const header = await readHeader(frames);
  await refuseOtherTables(session, header);
  const ours = await tables(session);
  // Constraints stay; only our own triggers rest, which would tell of each row as if it were new.
  await switchTriggers(session, ours, "DISABLE");
  await session.unsafe(`TRUNCATE ${ours.map(({ name }) => quoted(name)).join(", ")}`);
  await makeRanges(session, header);
  const loaded = await loadRows(session, frames);
  await switchTriggers(session, ours, "ENABLE");
  await afterwards(session);
  return { madeAt: header.madeAt, rows: loaded };
}

async function readHeader(frames: AsyncGenerator<Frame>): Promise<Header> {
  const first = await frames.next();
  if (first.done === true) throw new NotABackup("it is empty");
  const { record } = first.value;
  if (record.kind === "header") return record;
  throw new NotABackup("it does not begin like one");
}

async function refuseOtherTables(session: Session, header: Header): Promise<void> {
  const here = await appliedMigrations(session);
  if (here.join() === header.migrations.join()) return;
  throw new RestoreRefused(
    `The backup was made with ${header.migrations.length} migrations and this release has ${here.length}, not all the same: restore it with the release that made it, then start the newer one.`,
  );
}

async function switchTriggers(
  session: Session,
  ours: readonly { name: string }[],
  how: "DISABLE" | "ENABLE",
): Promise<void> {
  for (const { name } of ours) {
    await session.unsafe(`ALTER TABLE ${quoted(name)} ${how} TRIGGER USER`);
  }
}

async function makeRanges(session: Session, { ranges }: Header): Promise<void> {
  for (const { parent, child, key, low, high } of ranges) {
    await session`SELECT fillstream_make_range(${parent}, ${child}, ${key}, ${low}, ${high})`;
  }
}

async function loadRows(session: Session, frames: AsyncGenerator<Frame>): Promise<number> {
  const copy = new Copy(session);
  try {
    for await (const { record, bytes } of frames) {
      if (record.kind === "data") {
        if (bytes !== null) await copy.write(bytes);
        continue;
      }
      await copy.close();
      if (record.kind === "table") await copy.open(record.name, record.columns);
      else if (record.kind === "sequence") await setSequence(session, record);
      else if (record.kind === "end") return verified(copy.counts, record.rows);
    }
    throw new NotABackup("it was cut short");
  } catch (error) {
    // A copy left open would keep the transaction from being rolled back.
    copy.abort();
    throw error;
  }
}

/** The rows of one table after the other, on their way into the database. */
class Copy {
  readonly counts: Record<string, number> = {};
  readonly #session: Session;
  #current: { readonly name: string; readonly input: Writable } | null = null;

  constructor(session: Session) {
    this.#session = session;
  }

  async open(name: string, columns: readonly string[]): Promise<void> {
    const list = columns.map(quoted).join(", ");
    const statement = `COPY ${quoted(name)} (${list}) FROM STDIN`;
    const input = await this.#session.unsafe(statement).writable();
    this.counts[name] = 0;
    this.#current = { name, input };
  }

  async write(bytes: Buffer): Promise<void> {
    if (this.#current === null) throw new NotABackup("it has rows outside a table");
    const { name, input } = this.#current;
    this.counts[name] = (this.counts[name] ?? 0) + countRows(bytes);
    if (!input.write(bytes)) await once(input, "drain");
  }

  async close(): Promise<void> {
    if (this.#current === null) return;
    const { input } = this.#current;
    this.#current = null;
    input.end();
    await finished(input);
  }

  abort(): void {
    const input = this.#current?.input;
    input?.on("error", () => undefined);
    input?.destroy(new Error("the restore was given up"));
  }
}

async function setSequence(
  session: Session,
  { name, value, isCalled }: { name: string; value: string; isCalled: boolean },
): Promise<void> {
  await session`SELECT setval(${quoted(name)}::regclass, ${value}::bigint, ${isCalled})`;
}

function verified(counts: Record<string, number>, expected: Record<string, number>): number {
  for (const [name, rows] of Object.entries(expected)) {
    if (counts[name] !== rows) throw new NotABackup(`${name} should have ${rows} rows`);
  }
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** The broker did not go back in time with us, so nothing opens until a person has looked. */
async function afterwards(session: Session): Promise<void> {
  await session`UPDATE leases SET owner = NULL, until = NULL, epoch = epoch + ${EPOCH_STEP}`;
  await session`UPDATE partitions SET epoch = epoch + ${EPOCH_STEP}`;
  // What streams hold of the time after the backup, wherever they are, is not of this database any more.
  await session`UPDATE deployment SET id = gen_random_uuid()`;
  await session`SELECT set_config('fillstream.actor', 'fillstream restore', true),
    set_config('fillstream.reason', 'restored from a backup: the broker may be ahead', true)`;
  await session`
    UPDATE configs SET value = CASE value WHEN 'active' THEN 'reducing' ELSE value END
    WHERE key = 'trading_state'`;
}
