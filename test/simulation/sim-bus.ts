// The stream of the simulated deployment: entries are lost, repeated, late and swapped, a flush empties
// it. What was read and not acknowledged stays with it until someone claims it, as in Redis.
import type { BusConsumer, BusEntry, BusMessage, BusProducer, Lane } from "../../src/ports/bus.ts";
import type { Faults } from "./faults.ts";
import type { IoKind, SimProcess } from "./process.ts";
import type { Scheduler } from "./scheduler.ts";

interface StoredEntry extends BusEntry {
  isRead: boolean;
}

const gone = () => new Error("the connection to the stream was lost");
const call: IoKind = { name: "bus", lowMs: 0, highMs: 1, notDone: gone, unknown: gone };

export class SimStream {
  #entries: StoredEntry[] = [];
  #count = 0;
  readonly #waiting = new Set<() => void>();
  readonly #scheduler: Scheduler;
  readonly #faults: Faults;

  constructor(scheduler: Scheduler, faults: Faults) {
    this.#scheduler = scheduler;
    this.#faults = faults;
  }

  get length(): number {
    return this.#entries.length;
  }

  lengthOf(partition: number): number {
    return this.#entries.filter((entry) => entry.partition === partition).length;
  }

  /** Loses everything, groups and all. */
  flush(): void {
    this.#entries = [];
  }

  add(message: BusMessage): void {
    if (this.#faults.happens("message lost", "bus")) return;
    const copies = this.#faults.happens("message repeated", "bus") ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const late = this.#faults.happens("message late", "bus");
      const delay = late ? this.#faults.random.between(5, 1_500) : 0;
      this.#scheduler.after(delay, () => this.#append(message));
    }
  }

  #append(message: BusMessage): void {
    this.#count += 1;
    this.#entries.push({ ...message, entryId: `${this.#count}-0`, isRead: false });
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  /** At most so many of each lane of each partition, as each stream of a real read gives. */
  readNew(wanted: (lane: Lane, partition: number) => boolean, count: number): BusEntry[] {
    const taken = new Map<string, number>();
    const found = this.#entries.filter(({ isRead, lane, partition }) => {
      if (isRead || !wanted(lane, partition)) return false;
      const before = taken.get(`${lane} ${partition}`) ?? 0;
      taken.set(`${lane} ${partition}`, before + 1);
      return before < count;
    });
    for (const entry of found) entry.isRead = true;
    return controlFirst(found);
  }

  pending(partition: number): BusEntry[] {
    return controlFirst(
      this.#entries.filter((entry) => entry.isRead && entry.partition === partition),
    );
  }

  remove(entries: readonly BusEntry[]): void {
    const ids = new Set(entries.map(({ entryId }) => entryId));
    this.#entries = this.#entries.filter(({ entryId }) => !ids.has(entryId));
  }

  whenAdded(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }
}

const controlFirst = (entries: readonly BusEntry[]): BusEntry[] =>
  entries.toSorted((a, b) => (a.lane < b.lane ? -1 : a.lane > b.lane ? 1 : 0));

const STATUS = { connected: true, lastError: null };

export function createSimProducer(process: SimProcess, stream: SimStream): BusProducer {
  return {
    publish: (messages) =>
      process.io(call, () => {
        for (const message of messages) stream.add(message);
      }),
    status: () => STATUS,
    close: async () => undefined,
  };
}

export function createSimConsumer(
  process: SimProcess,
  stream: SimStream,
  scheduler: Scheduler,
): BusConsumer {
  let closed = false;
  let isAwake = false;
  let stopWaiting: () => void = () => undefined;
  return {
    async read({ control, signals, count, waitMs }) {
      const wanted = (lane: Lane, partition: number) =>
        (lane === "control" ? control : signals).includes(partition);
      const deadline = scheduler.now + waitMs;
      isAwake = false;
      for (;;) {
        if (closed) return [];
        const found = await process.io(call, () => stream.readNew(wanted, count));
        if (found.length > 0) return found;
        if (isAwake || scheduler.now >= deadline) return [];
        await new Promise<void>((resolve) => {
          const cancel = scheduler.at(deadline, () => process.deliver(resolve));
          const forget = stream.whenAdded(() => process.deliver(resolve));
          stopWaiting = () => {
            cancel();
            forget();
            resolve();
          };
        });
      }
    },
    claim: (partition) => process.io(call, () => stream.pending(partition)),
    acknowledge: (entries) => process.io(call, () => stream.remove(entries)),
    wake() {
      isAwake = true;
      stopWaiting();
    },
    onReconnect: () => undefined,
    status: () => STATUS,
    close: async () => {
      closed = true;
      stopWaiting();
    },
  };
}
