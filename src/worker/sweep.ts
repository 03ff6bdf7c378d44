// Finds what the stream skipped. The record says how many signals and commands each partition has
// accepted; whatever is missing behind the last one queued is read from there. With Redis gone this
// alone drives the worker.
import type { Clock } from "../ports/clock.ts";
import type { EngineStore } from "../ports/store.ts";
import type { PartitionRunner } from "./partition-runner.ts";

const FETCH_COUNT = 500;

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

  /** Reads what is missing in this partition now. */
  async fill(runner: PartitionRunner): Promise<void> {
    if (this.#filling.has(runner) || runner.isLeaving) return;
    this.#filling.add(runner);
    try {
      await this.#fillCommands(runner);
      await this.#fillSignals(runner);
    } catch (error: unknown) {
      this.#options.onError(error);
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
      if (known.signals >= signals.next || known.commands >= commands.next) await this.fill(runner);
    }
  }

  async #fillSignals(runner: PartitionRunner): Promise<void> {
    const lane = runner.inbox.signals;
    const count = Math.min(FETCH_COUNT, lane.free);
    if (count === 0) return;
    const found = await this.#options.store.signalsAfter(runner.partition, lane.next - 1, count);
    for (const signal of found) runner.inbox.offerSignal(signal);
    this.#options.onSwept(found.length);
  }

  async #fillCommands(runner: PartitionRunner): Promise<void> {
    const lane = runner.inbox.commands;
    const count = Math.min(FETCH_COUNT, lane.free);
    if (count === 0) return;
    const found = await this.#options.store.commandsAfter(runner.partition, lane.next - 1, count);
    for (const command of found) runner.inbox.offerCommand(command);
    this.#options.onSwept(found.length);
  }
}
