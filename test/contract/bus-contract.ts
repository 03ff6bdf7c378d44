// What every implementation of the bus's ports must do: Redis Streams, and the one in memory that the
// simulation runs on. An empty bus for each case; losing, repeating and reordering are not asked for here.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BusConsumer, BusEntry, BusMessage, BusProducer } from "../../src/ports/bus.ts";

export interface BusUnderTest {
  readonly producer: BusProducer;
  /** Of one worker; each call makes another, of the name given. */
  consumer(name: string): Promise<BusConsumer>;
  /** The bus loses everything: entries, groups, streams. */
  flush(): Promise<void>;
  /** How many entries of a partition the bus still holds, read or not. */
  held(partition: number): Promise<number>;
  /** Lets what was begun come to its end, by the clock of the implementation. */
  settle<Result>(work: Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export type MakeBus = () => Promise<BusUnderTest>;

const COUNT = 100;
/** Long enough to be told apart from a read that was woken. */
const LONG_MS = 1_000;
const SHORT_MS = 30;

const signal = (number: number, partition = 1): BusMessage => ({
  partition,
  lane: "signals",
  number,
  body: `{"signal":${number}}`,
});
const command = (number: number, partition = 1): BusMessage => ({
  partition,
  lane: "control",
  number,
  body: `{"command":${number}}`,
});
const namesOf = (entries: readonly BusEntry[]) =>
  entries.map(({ lane, partition, number }) => `${lane} ${partition} ${number}`);

export function busContract(makeBus: MakeBus): void {
  let under: BusUnderTest;
  let worker: BusConsumer;

  beforeEach(async () => {
    under = await makeBus();
    worker = await under.consumer("first");
  });
  afterEach(() => under.close());

  const publish = (...messages: BusMessage[]) => under.settle(under.producer.publish(messages));
  const read = (
    partitions: readonly number[],
    { from = worker, waitMs = SHORT_MS, count = COUNT, signals = partitions } = {},
  ) => under.settle(from.read({ control: partitions, signals, count, waitMs }));
  const claim = (partition: number, from = worker) => under.settle(from.claim(partition));

  describe("reading", () => {
    it("gives what was published, in its order, with everything that was in it", async () => {
      await publish(signal(1), signal(2), signal(3));
      const entries = await read([1]);
      expect(entries).toMatchObject([signal(1), signal(2), signal(3)]);
      expect(new Set(entries.map(({ entryId }) => entryId)).size).toBe(3);
    });

    it("gives each entry once", async () => {
      await publish(signal(1));
      await read([1]);
      expect(await read([1])).toEqual([]);
    });

    it("gives an entry to one of two readers", async () => {
      const other = await under.consumer("second");
      await publish(signal(1), signal(2));
      const both = [...(await read([1])), ...(await read([1], { from: other }))];
      expect(namesOf(both)).toEqual(["signals 1 1", "signals 1 2"]);
    });

    it("puts commands before signals that came earlier", async () => {
      await publish(signal(1), command(1));
      expect(namesOf(await read([1]))).toEqual(["control 1 1", "signals 1 1"]);
    });

    it("gives a command although more signals wait before it than were asked for", async () => {
      await publish(signal(1), signal(2), signal(3), command(1));
      expect(namesOf(await read([1], { count: 2 }))).toEqual([
        "control 1 1",
        "signals 1 1",
        "signals 1 2",
      ]);
    });

    it("leaves other partitions alone", async () => {
      await publish(signal(1, 1), signal(1, 2));
      expect(namesOf(await read([2]))).toEqual(["signals 2 1"]);
      expect(namesOf(await read([1]))).toEqual(["signals 1 1"]);
    });

    it("leaves the signals of a full inbox where they are", async () => {
      await publish(signal(1), command(1));
      expect(namesOf(await read([1], { signals: [] }))).toEqual(["control 1 1"]);
      expect(namesOf(await read([1]))).toEqual(["signals 1 1"]);
    });

    it("ends with nothing when nothing came", async () => {
      expect(await read([1])).toEqual([]);
    });

    it("has nothing to say about no partition", async () => {
      await publish(signal(1));
      expect(await read([])).toEqual([]);
    });

    it("is ended by what comes while it waits", async () => {
      const waiting = worker.read({ control: [1], signals: [1], count: COUNT, waitMs: LONG_MS });
      await publish(signal(1));
      expect(namesOf(await under.settle(waiting))).toEqual(["signals 1 1"]);
    });

    it("is ended by a wake before its time, and the next one reads what it is asked for", async () => {
      const asked = { control: [1], signals: [1], count: COUNT, waitMs: LONG_MS };
      const other = await under.consumer("second");
      const sleeping = other.read(asked).then(() => "the one that began first");
      const waiting = worker.read(asked).then(() => "the one that was woken");
      worker.wake();
      expect(await under.settle(Promise.race([sleeping, waiting]))).toBe("the one that was woken");
      await publish(signal(1, 2));
      expect(namesOf(await read([1, 2]))).toEqual(["signals 2 1"]);
      await under.settle(sleeping);
    });

    it("is not hurt by a wake while nobody waits", async () => {
      worker.wake();
      await publish(signal(1));
      expect(namesOf(await read([1]))).toEqual(["signals 1 1"]);
    });

    it("is ended by closing, and gives nothing afterwards", async () => {
      const waiting = worker.read({ control: [1], signals: [1], count: COUNT, waitMs: LONG_MS });
      await under.settle(worker.close());
      expect(await under.settle(waiting.catch(() => []))).toEqual([]);
      expect(await under.settle(read([1]).catch(() => []))).toEqual([]);
    });
  });

  describe("claiming", () => {
    it("gives the next owner what the last one read and never finished", async () => {
      await publish(signal(1), command(1));
      await read([1]);
      const next = await under.consumer("second");
      expect(namesOf(await claim(1, next))).toEqual(["control 1 1", "signals 1 1"]);
    });

    it("gives a reader its own once more", async () => {
      await publish(signal(1));
      await read([1]);
      expect(namesOf(await claim(1))).toEqual(["signals 1 1"]);
    });

    it("gives nothing that nobody has read: reading does", async () => {
      await publish(signal(1));
      expect(await claim(1)).toEqual([]);
      expect(namesOf(await read([1]))).toEqual(["signals 1 1"]);
    });

    it("leaves other partitions alone", async () => {
      await publish(signal(1, 1), signal(1, 2));
      await read([1, 2]);
      expect(namesOf(await claim(2))).toEqual(["signals 2 1"]);
    });

    it("gives all of many", async () => {
      const many = Array.from({ length: 1_234 }, (_, index) => signal(index + 1));
      await publish(...many);
      await read([1], { count: 2_000 });
      expect(await claim(1)).toHaveLength(1_234);
    });
  });

  describe("acknowledging", () => {
    it("takes entries away for good", async () => {
      await publish(signal(1), signal(2), command(1));
      const [first, ...rest] = await read([1]);
      if (first === undefined) throw new Error("nothing was read");
      await under.settle(worker.acknowledge([first]));
      expect(namesOf(await claim(1))).toEqual(namesOf(rest));
      await under.settle(worker.acknowledge(rest));
      expect(await claim(1)).toEqual([]);
      expect(await under.held(1)).toBe(0);
    });

    it("may come twice, and for what somebody else has read", async () => {
      await publish(signal(1));
      const entries = await read([1]);
      const next = await under.consumer("second");
      await under.settle(next.acknowledge(entries));
      await under.settle(worker.acknowledge(entries));
      expect(await claim(1)).toEqual([]);
    });

    it("of nothing does nothing", async () => {
      await publish(signal(1));
      await under.settle(worker.acknowledge([]));
      expect(await under.held(1)).toBe(1);
    });
  });

  describe("after everything was lost", () => {
    it("what comes later is read", async () => {
      await publish(signal(1));
      await read([1]);
      await under.flush();
      await publish(signal(2));
      // One read may find out that its group is gone; the next has made it again.
      const entries = [...(await read([1])), ...(await read([1]))];
      expect(namesOf(entries)).toEqual(["signals 1 2"]);
    });

    it("a partition can be claimed, and what was read before be acknowledged", async () => {
      await publish(signal(1));
      const entries = await read([1]);
      await under.flush();
      expect(await claim(1)).toEqual([]);
      await under.settle(worker.acknowledge(entries));
      expect(await under.held(1)).toBe(0);
    });
  });
}
