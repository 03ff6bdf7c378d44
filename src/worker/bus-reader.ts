// Carries stream entries to the partitions' inboxes. One loop, one blocking read over all lanes that
// have room; a full inbox is not read, so back-pressure stays in Redis. An entry that cannot be read, or that
// this deployment did not write, is let go of: its number is a gap, and the gap is filled from the record.
import type { Clock } from "../ports/clock.ts";
import type { BusConsumer, BusEntry } from "../ports/bus.ts";
import { decodeCommand } from "../domain/codec/command.ts";
import { decodeSignal } from "../domain/codec/signal.ts";
import type { PartitionRunner } from "./partition-runner.ts";

const READ_COUNT = 500;
const WAIT_MS = 1_000;
const IDLE_MS = 20;
const RETRY_MS = 200;
/** Between two acknowledgements: an entry that waits for one is decided, and keeps nobody waiting. */
const GATHER_MS = 20;
const CLAIM_EVERY_MS = 30_000;
/** Between two words about entries of others. */
const TELL_EVERY_MS = 60_000;
const MAX_UNACKNOWLEDGED = 20_000;
/** Entries of a partition that wait for their decision: beyond it the rest stays in the stream. */
const MAX_OPEN = 10_000;

export interface BusReaderOptions {
  readonly consumer: BusConsumer;
  readonly clock: Clock;
  runners(): readonly PartitionRunner[];
  onError(error: unknown): void;
  /** A later number arrived than the one that is due, or something that nobody can read. */
  onGap(runner: PartitionRunner): void;
}

export class BusReader {
  readonly #options: BusReaderOptions;
  readonly #aborter = new AbortController();
  /** Entries not yet decided, by partition; each once, however often it is claimed. */
  readonly #open = new Map<number, Map<string, BusEntry>>();
  #acknowledging: Promise<unknown> | null = null;
  #done: BusEntry[] = [];
  #claimedAt = Number.NEGATIVE_INFINITY;
  #toldStrangeAt = Number.NEGATIVE_INFINITY;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: BusReaderOptions) {
    this.#options = options;
    options.consumer.onReconnect(() => {
      for (const runner of options.runners()) void this.claim(runner);
    });
  }

  start(): void {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#aborter.abort();
    await this.#options.consumer.close();
    await this.#loop;
  }

  /** A partition that has just come is read from now on, not when the read under way has ended. */
  admit(runner: PartitionRunner): void {
    this.#options.consumer.wake();
    void this.claim(runner);
  }

  /** A partition that is leaving is not read any more: what came now would reach the wrong worker. */
  dismiss(): void {
    this.#options.consumer.wake();
  }

  /** What an earlier owner read and never finished comes to us. */
  async claim(runner: PartitionRunner): Promise<void> {
    try {
      this.#deliver(await this.#options.consumer.claim(runner.partition));
    } catch (error: unknown) {
      this.#options.onError(error);
    }
  }

  /** Everything up to these numbers is committed: its entries can go. */
  decided(partition: number, signals: number, commands: number): void {
    const open = this.#open.get(partition);
    if (open === undefined || open.size === 0) return;
    for (const [key, entry] of open) {
      const through = entry.lane === "signals" ? signals : commands;
      // An unreadable number compares as false, and must go as well.
      if (entry.body !== null && entry.number > through) continue;
      open.delete(key);
      this.#done.push(entry);
    }
    this.#acknowledge();
  }

  forget(partition: number): void {
    this.#open.delete(partition);
  }

  /** The record does not have what the stream brought: nothing of it is worth keeping, what is true comes from there. */
  discard(partition: number): void {
    this.#done.push(...(this.#open.get(partition)?.values() ?? []));
    this.#open.delete(partition);
    this.#acknowledge();
  }

  async #run(): Promise<void> {
    const { consumer, clock, runners, onError } = this.#options;
    while (!this.#aborter.signal.aborted) {
      const here = runners().filter((runner) => !runner.isLeaving);
      this.#claimWhenDue();
      const control = here.filter((runner) => runner.inbox.commands.free >= READ_COUNT);
      const signals = here.filter((runner) => this.#hasRoom(runner));
      try {
        if (control.length + signals.length === 0) {
          await clock.sleep(IDLE_MS, this.#aborter.signal);
          continue;
        }
        const entries = await consumer.read({
          control: control.map((runner) => runner.partition),
          signals: signals.map((runner) => runner.partition),
          count: READ_COUNT,
          waitMs: signals.length === here.length ? WAIT_MS : IDLE_MS,
        });
        this.#deliver(entries);
      } catch (error: unknown) {
        if (this.#aborter.signal.aborted) return;
        onError(error);
        await this.#pause(RETRY_MS);
        this.#claimedAt = Number.NEGATIVE_INFINITY;
      }
    }
  }

  /** Entries whose reply was lost are handed to nobody else: now and then we ask what is ours. */
  #claimWhenDue(): void {
    const now = this.#options.clock.monotonic();
    if (now - this.#claimedAt < CLAIM_EVERY_MS) return;
    this.#claimedAt = now;
    for (const runner of this.#options.runners()) void this.claim(runner);
  }

  #deliver(entries: readonly BusEntry[]): void {
    const byPartition = new Map(
      this.#options.runners().map((runner) => [runner.partition, runner]),
    );
    const touched = new Set<PartitionRunner>();
    const strange = entries.filter(({ body }) => body === null).map(({ partition }) => partition);
    if (strange.length > 0) this.#tellStrange(strange);
    for (const entry of entries) {
      const runner = byPartition.get(entry.partition);
      if (runner === undefined) continue;
      this.#remember(entry);
      offer(runner, entry);
      touched.add(runner);
    }
    for (const runner of touched) {
      this.decided(runner.partition, runner.progress.signals, runner.progress.commands);
      // What is passed over may be a copy of something true, as an older release writes it.
      const { signals, commands } = runner.inbox;
      const isStrange = strange.includes(runner.partition);
      if (isStrange || signals.hasGap || commands.hasGap) this.#options.onGap(runner);
    }
  }

  /** Somebody else writes to the streams: another deployment on the same Redis, most likely. */
  #tellStrange(ofPartitions: readonly number[]): void {
    const now = this.#options.clock.monotonic();
    if (now - this.#toldStrangeAt < TELL_EVERY_MS) return;
    this.#toldStrangeAt = now;
    const partitions = [...new Set(ofPartitions)].join(", ");
    const message = `${ofPartitions.length} entries of partition ${partitions} in Redis are not of this deployment, and are passed over`;
    this.#options.onError(new Error(message));
  }

  /** What lies beyond a gap fills no inbox, and waits all the same. */
  #hasRoom({ partition, inbox }: PartitionRunner): boolean {
    return inbox.signals.free >= READ_COUNT && (this.#open.get(partition)?.size ?? 0) < MAX_OPEN;
  }

  #remember(entry: BusEntry): void {
    const open = this.#open.get(entry.partition) ?? new Map<string, BusEntry>();
    this.#open.set(entry.partition, open);
    open.set(`${entry.lane} ${entry.entryId}`, entry);
  }

  /** While one round trip is under way, and for a moment after it, the next entries gather. */
  #acknowledge(): void {
    if (this.#acknowledging !== null || this.#done.length === 0) return;
    const entries = this.#done;
    this.#done = [];
    this.#acknowledging = this.#send(entries).finally(() => {
      this.#acknowledging = null;
      this.#acknowledge();
    });
  }

  /** What could not be acknowledged is tried again; beyond the bound the next owner clears it away. */
  async #send(entries: readonly BusEntry[]): Promise<void> {
    try {
      await this.#options.consumer.acknowledge(entries);
      await this.#pause(GATHER_MS);
    } catch (error: unknown) {
      this.#options.onError(error);
      if (this.#done.length + entries.length <= MAX_UNACKNOWLEDGED) this.#done.unshift(...entries);
      await this.#pause(RETRY_MS);
      if (this.#aborter.signal.aborted) this.#done = [];
    }
  }

  /** Ends early, and quietly, when the reader is stopped. */
  async #pause(ms: number): Promise<void> {
    await this.#options.clock.sleep(ms, this.#aborter.signal).catch(() => undefined);
  }
}

function offer({ inbox }: PartitionRunner, { lane, body, number }: BusEntry): void {
  if (body === null) return;
  try {
    if (lane === "signals") inbox.offerSignal(decodeSignal(body, number));
    else inbox.offerCommand(decodeCommand(body, number));
  } catch {
    // Hostile or damaged text: the row in the record is what counts, and the sweep brings it.
  }
}
