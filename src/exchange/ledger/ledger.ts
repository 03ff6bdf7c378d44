// The ledger: one append-only file of JSON lines. A batch is written before any of it is told, so a
// killed process forgets nothing that anyone has heard; the disk is asked to keep it a moment later.
import {
  closeSync,
  existsSync,
  fdatasync,
  fdatasyncSync,
  openSync,
  renameSync,
  rmSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { claim } from "../../embedded/claim.ts";
import { makeDirectory } from "../../embedded/directory.ts";
import { OperatorError } from "../../operator-error.ts";
import type { Changes, World } from "../core/world.ts";
import type { Exchange, Ledger } from "../exchange.ts";
import { readLines } from "./read-lines.ts";
import {
  accountLine,
  entryLine,
  executionLine,
  markLine,
  orderLine,
  positionLine,
  pricesLine,
} from "./records.ts";
import type { Contents } from "./restore.ts";
import { noContents, restore, takeLine } from "./restore.ts";

const FILE = "ledger.jsonl";
const LOCK = "lock";
/** Prices are not facts anyone was promised: now and then is enough. */
const PRICES_EVERY_MS = 30_000;
const SYNC_EVERY_MS = 100;
/** A file is written anew when it holds this many times more lines than things. */
const COMPACT_FACTOR = 2;
const COMPACT_MINIMUM_LINES = 10_000;

export function openLedger(directory: string, exchange: Exchange): Ledger {
  makeDirectory(directory);
  const unlock = lock(directory);
  const path = join(directory, FILE);
  const contents = noContents();
  if (existsSync(path)) {
    const end = readLines(path, (line, text) =>
      takeLine(contents, exchange.engine.world, line, text),
    );
    // A machine that lost power may leave half a line; nobody was told what it says.
    truncateSync(path, end);
    restore(exchange, contents);
    if (isWorthCompacting(contents, exchange.engine.world)) compact(directory, exchange);
  }
  return new FileLedger(directory, exchange, unlock);
}

/** By number and identity: a killed owner that nobody waited for yet still has its number, and so has a stranger. */
function lock(directory: string): () => void {
  const path = join(directory, LOCK);
  const claimed = claim(path);
  if (!("owner" in claimed)) return () => claimed.release();
  // Ours already: an exchange that this process dropped without closing it.
  if (claimed.owner === process.pid) return () => rmSync(path, { force: true });
  throw new OperatorError(
    `${directory} is used by process ${claimed.owner}: two exchanges cannot share a ledger.`,
  );
}

function isWorthCompacting(contents: Contents, world: World): boolean {
  const things =
    contents.orders.size + world.executions.size + world.entries.size + contents.positions.size;
  return contents.lines > COMPACT_MINIMUM_LINES && contents.lines > things * COMPACT_FACTOR;
}

/** Writes one line per thing into a new file, which then takes the old one's place. */
function compact(directory: string, exchange: Exchange): void {
  const { world } = exchange.engine;
  const fresh = join(directory, `${FILE}.new`);
  const descriptor = openSync(fresh, "w");
  for (const account of world.accounts.values()) {
    let text = accountLine(account);
    for (const position of account.positions.values()) text += positionLine(position);
    writeSync(descriptor, text);
  }
  for (const order of world.orders.all()) writeSync(descriptor, orderLine(order));
  for (const execution of world.executions.all()) writeSync(descriptor, executionLine(execution));
  for (const entry of world.entries.all()) writeSync(descriptor, entryLine(entry));
  writeSync(descriptor, pricesLine(exchange.prices()) + markLine(markOf(exchange)));
  fdatasyncSync(descriptor);
  closeSync(descriptor);
  renameSync(fresh, join(directory, FILE));
}

function markOf(exchange: Exchange): { ids: number; micros: number } {
  return { ids: exchange.ids.counter, micros: exchange.engine.world.lastStamp };
}

class FileLedger implements Ledger {
  readonly #unlock: () => void;
  readonly #descriptor: number;
  readonly #exchange: Exchange;
  #pricesWrittenAt = 0;
  #syncing = false;
  #unsynced = false;
  #closed = false;

  constructor(directory: string, exchange: Exchange, unlock: () => void) {
    this.#unlock = unlock;
    this.#exchange = exchange;
    this.#descriptor = openSync(join(directory, FILE), "a");
  }

  write(changes: Changes): void {
    if (this.#closed) return;
    let text = "";
    for (const account of changes.accounts) text += accountLine(account);
    for (const position of changes.positions) text += positionLine(position);
    for (const order of changes.orders) text += orderLine(order);
    for (const execution of changes.executions) text += executionLine(execution);
    for (const entry of changes.entries) text += entryLine(entry);
    const now = this.#exchange.clock.now();
    // Shares that were split are not worth the price of before: both are kept, or neither.
    const isSplit = changes.entries.some(({ split }) => split !== null);
    if (isSplit || now - this.#pricesWrittenAt >= PRICES_EVERY_MS) {
      this.#pricesWrittenAt = now;
      text += pricesLine(this.#exchange.prices());
    }
    if (text === "") return;
    this.#append(text + markLine(markOf(this.#exchange)));
  }

  close(): void {
    if (this.#closed) return;
    this.#append(pricesLine(this.#exchange.prices()) + markLine(markOf(this.#exchange)));
    this.#closed = true;
    fdatasyncSync(this.#descriptor);
    // A sync that is still under way keeps the descriptor; the process's end closes it then.
    if (!this.#syncing) closeSync(this.#descriptor);
    this.#unlock();
  }

  #append(text: string): void {
    const bytes = Buffer.from(text);
    let written = 0;
    while (written < bytes.length) {
      written += writeSync(this.#descriptor, bytes, written, bytes.length - written);
    }
    this.#unsynced = true;
    this.#sync();
  }

  /** One sync at a time, and not too often: it covers everything written before it. */
  #sync(): void {
    if (this.#syncing || this.#closed) return;
    this.#syncing = true;
    this.#unsynced = false;
    setTimeout(() => {
      if (this.#closed) return;
      fdatasync(this.#descriptor, () => {
        this.#syncing = false;
        if (this.#unsynced) this.#sync();
      });
    }, SYNC_EVERY_MS).unref();
  }
}
