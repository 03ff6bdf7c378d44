// Finds what the stream skipped. The record says how many signals and commands each partition has
// accepted; whatever is missing behind the last one queued is read from there. With Redis gone this
// alone drives the worker.
import type { Clock } from "../ports/clock.ts";
import type { EngineStore } from "../ports/store.ts";
import type { LaneQueue, Numbered } from "./lane-queue.ts";
import type { PartitionRunner } from "./partition-runner.ts";

const FETCH_COUNT = 500;
/** How long to wait for room in a full inbox. */
const ROOM_MS = 20;

export interface SweepOptions {
  readonly store: Pick<EngineStore, "acceptedNumbers" | "signalsAfter" | "commandsAfter">;
  readonly clock: Clock;
  /** How long to wait between two looks: short while there is no stream. */
  intervalMs(): number;
  runners(): readonly PartitionRunner[];
  onError(error: unknown): void;
  onSwept(found: number): void;
}

export class Sweep {
  readonly #options: SweepOptions;
  readonly #aborter = new AbortController();
  readonly #filling = new Set<PartitionRunner>();
  #loop: Promise<void> = Promise.resolve();

  constructor(options: SweepOptions) {
    this.#options = options;
  }

  start(): void {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#aborter.abort();
    await this.#loop;
  }

  /**
   * Reads what is missing in this partition now, page after page as the inbox has room. Commands have a
   * page before each page of signals: a cancel does not wait for a backlog.
   */
  async fill(runner: PartitionRunner): Promise<void> {
    if (this.#filling.has(runner)) return;
    this.#filling.add(runner);
    try {
      let mayHaveMore = true;
      while (mayHaveMore && !runner.isLeaving && !this.#aborter.signal.aborted) {
        const hasCommands = await this.#fillCommands(runner);
        mayHaveMore = (await this.#fillSignals(runner)) || hasCommands;
      }
    } catch (error: unknown) {
      if (!this.#aborter.signal.aborted) this.#options.onError(error);
    } finally {
      this.#filling.delete(runner);
    }
  }

  async #run(): Promise<void> {
    const { clock, intervalMs, onError } = this.#options;
    while (!this.#aborter.signal.aborted) {
      try {
        await this.#look();
      } catch (error: unknown) {
        onError(error);
      }
      await clock.sleep(intervalMs(), this.#aborter.signal).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const runners = this.#options.runners().filter((runner) => !runner.isLeaving);
    if (runners.length === 0) return;
    const accepted = await this.#options.store.acceptedNumbers(
      runners.map((runner) => runner.partition),
    );
    for (const runner of runners) {
      const known = accepted.get(runner.partition);
      if (known === undefined) continue;
      const { signals, commands } = runner.inbox;
      if (known.signals >= signals.next || known.commands >= commands.next) void this.fill(runner);
    }
  }

  #fillSignals({ partition, inbox }: PartitionRunner): Promise<boolean> {
    return this.#fillLane(inbox.signals, {
      fetch: (after, count) => this.#options.store.signalsAfter(partition, after, count),
      offer: (signal) => inbox.offerSignal(signal),
    });
  }

  #fillCommands({ partition, inbox }: PartitionRunner): Promise<boolean> {
    return this.#fillLane(inbox.commands, {
      fetch: (after, count) => this.#options.store.commandsAfter(partition, after, count),
      offer: (command) => inbox.offerCommand(command),
    });
  }

  /**
   * One page of a lane. True when there may be more that only the record brings: when the lane moves by
   * itself the stream is at work, and what it brings need not be read twice.
   */
  async #fillLane<Item extends Numbered>(
    lane: Pick<LaneQueue<Item>, "next" | "free">,
    { fetch, offer }: Source<Item>,
  ): Promise<boolean> {
    const { next } = lane;
    const count = Math.min(FETCH_COUNT, lane.free);
    if (count === 0) {
      await this.#options.clock.sleep(ROOM_MS, this.#aborter.signal);
      return lane.next === next;
    }
    const found = await fetch(next - 1, count);
    const isAlone = lane.next === next;
    for (const item of found) offer(item);
    this.#options.onSwept(found.length);
    return isAlone && found.length === count;
  }
}

interface Source<Item> {
  fetch(after: number, count: number): Promise<readonly Item[]>;
  offer(item: Item): void;
}
