// The backup file: gzip of JSON lines, each followed by as many raw bytes as it announces.
import { createReadStream, createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { z } from "zod";

export const FORMAT = 1;

const range = z.object({
  parent: z.string(),
  child: z.string(),
  key: z.string(),
  low: z.string(),
  high: z.string(),
});
const header = z.object({
  kind: z.literal("header"),
  format: z.literal(FORMAT),
  madeAt: z.string(),
  /** The hashes of the migrations that made the tables; they must be those of the release that restores. */
  migrations: z.array(z.string()),
  /** The cuts of the growing tables, so that rows find their ranges again. */
  ranges: z.array(range),
});
const table = z.object({
  kind: z.literal("table"),
  name: z.string(),
  columns: z.array(z.string()),
});
const data = z.object({ kind: z.literal("data"), bytes: z.int().positive() });
const sequence = z.object({
  kind: z.literal("sequence"),
  name: z.string(),
  value: z.string(),
  isCalled: z.boolean(),
});
/** Comes last: a file without it was cut short. */
const end = z.object({ kind: z.literal("end"), rows: z.record(z.string(), z.int()) });
const record = z.discriminatedUnion("kind", [header, table, data, sequence, end]);

export type Header = z.infer<typeof header>;
export type Range = z.infer<typeof range>;
export type BackupRecord = z.infer<typeof record>;

export interface Frame {
  readonly record: BackupRecord;
  /** The bytes that a `data` record announces. */
  readonly bytes: Buffer | null;
}

export class NotABackup extends Error {
  override readonly name = "NotABackup";
}

export async function writeFrames(path: string, frames: AsyncIterable<Frame>): Promise<void> {
  const encoded = async function* (): AsyncGenerator<Buffer> {
    for await (const { record: each, bytes } of frames) {
      yield Buffer.from(`${JSON.stringify(each)}\n`);
      if (bytes !== null) yield bytes;
    }
  };
  // It holds every key's hash and every position: for its owner alone.
  const file = createWriteStream(path, { mode: 0o600, flags: "wx", flush: true });
  await pipeline(Readable.from(encoded()), createGzip({ level: 6 }), file);
}

export async function* readFrames(path: string): AsyncGenerator<Frame> {
  const source = createReadStream(path);
  const gunzip = createGunzip();
  // The reader below sees the failure of either.
  source.on("error", (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  const input = new Input(gunzip);
  for (;;) {
    const line = await input.line();
    if (line === null) return;
    const each = parse(line);
    yield { record: each, bytes: each.kind === "data" ? await input.bytes(each.bytes) : null };
  }
}

function parse(line: string): BackupRecord {
  try {
    return record.parse(JSON.parse(line));
  } catch (error) {
    throw new NotABackup("a line of it is not one of a backup", { cause: error });
  }
}

/** Lines and counted bytes, taken from chunks of any size. */
class Input {
  readonly #chunks: AsyncIterator<Buffer, unknown>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  async line(): Promise<string | null> {
    let end = this.#rest.indexOf(10);
    while (end === -1) {
      if (!(await this.#more())) return this.#cutShort();
      end = this.#rest.indexOf(10);
    }
    const line = this.#rest.toString("utf8", 0, end);
    this.#rest = this.#rest.subarray(end + 1);
    return line;
  }

  async bytes(count: number): Promise<Buffer> {
    while (this.#rest.length < count) {
      if (!(await this.#more())) throw new NotABackup("it was cut short");
    }
    const bytes = this.#rest.subarray(0, count);
    this.#rest = this.#rest.subarray(count);
    return bytes;
  }

  #cutShort(): null {
    if (this.#rest.length > 0) throw new NotABackup("it was cut short");
    return null;
  }

  async #more(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done === true) return false;
    const { value } = next;
    this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value]);
    return true;
  }
}
