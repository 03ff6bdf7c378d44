// What is kept of stream entries until they are decided: each once, and no more than the bound; the rest
// stays in the stream.
import { beforeEach, describe, expect, it } from "vitest";
import type { BusConsumer, BusEntry } from "../../../src/ports/bus.ts";
import { BusReader } from "../../../src/worker/bus-reader.ts";
import { Inbox } from "../../../src/worker/inbox.ts";
import type { PartitionRunner } from "../../../src/worker/partition-runner.ts";
import { ManualClock, settle } from "../../support/manual-clock.ts";

const READ_EVERY_MS = 1_000;
const HALF_AN_HOUR_MS = 30 * 60_000;

const entry = (number: number): BusEntry => ({
  ...{ entryId: `${number}-0`, partition: 0, lane: "signals", number },
  body: "nothing that can be read",
});

describe("entries that wait for their decision", () => {
  let clock: ManualClock;
  let stream: BusEntry[];
  let read: number;
  let acknowledged: BusEntry[];
  let roundTrips: number;
  let reader: BusReader;
  let gaps: number;
  let told: unknown[];

  beforeEach(() => {
    clock = new ManualClock();
    stream = [];
    read = 0;
    acknowledged = [];
    roundTrips = 0;
    [gaps, told] = [0, []];
    const consumer: BusConsumer = {
      read: async ({ signals, count }) => {
        await clock.sleep(READ_EVERY_MS);
        if (signals.length === 0) return [];
        const found = stream.slice(read, read + count);
        read += found.length;
        return found;
      },
      // Everything that was handed out and not acknowledged, each time.
      claim: async () => stream.slice(0, read).filter((each) => !acknowledged.includes(each)),
      acknowledge: async (entries) => {
        roundTrips += 1;
        acknowledged.push(...entries);
      },
      wake: () => undefined,
      onReconnect: () => undefined,
      status: () => ({ connected: true, lastError: null }),
      close: async () => undefined,
    };
    // Of a runner the reader sees only these.
    const runner = {
      ...{ partition: 0, isLeaving: false, inbox: new Inbox({ signals: 0, commands: 0 }) },
      progress: { seq: 0, signals: 0, commands: 0 },
    } as unknown as PartitionRunner;
    const onError = (error: unknown) => void told.push(error);
    reader = new BusReader({
      ...{ consumer, clock, runners: () => [runner], onError, onGap: () => void (gaps += 1) },
    });
  });

  async function decideAll(): Promise<void> {
    reader.decided(0, stream.length, 0);
    await settle();
  }

  it("are acknowledged once, however often they were claimed meanwhile", async () => {
    stream = Array.from({ length: 100 }, (_, index) => entry(index + 1));
    reader.start();
    await clock.advance(HALF_AN_HOUR_MS);
    await decideAll();
    expect(acknowledged).toHaveLength(100);
    expect(new Set(acknowledged).size).toBe(100);
    reader.forget(0);
    expect(told).toEqual([]);
    void reader.stop();
  });

  it("share the round trips that acknowledge them", async () => {
    stream = Array.from({ length: 200 }, (_, index) => entry(index + 1));
    reader.start();
    await clock.advance(READ_EVERY_MS);
    for (let number = 1; number <= 200; number += 1) {
      reader.decided(0, number, 0);
      await clock.advance(1);
    }
    await clock.advance(READ_EVERY_MS);
    expect(acknowledged).toHaveLength(200);
    expect(roundTrips).toBeLessThanOrEqual(11);
    void reader.stop();
  });

  it("stay in the stream beyond the bound, also when a gap keeps the inbox empty", async () => {
    // Number 1 is missing: nothing of this is ever queued.
    stream = Array.from({ length: 60_000 }, (_, index) => entry(index + 2));
    reader.start();
    await clock.advance(60 * READ_EVERY_MS);
    expect(read).toBe(10_000);
    await decideAll();
    await clock.advance(5 * READ_EVERY_MS);
    expect(read).toBeGreaterThan(10_000);
    void reader.stop();
  });

  it("are passed over where somebody else wrote them, which is told, and the record is read", async () => {
    stream = [1, 2, 3].map((number) => ({ ...entry(number), body: null }));
    reader.start();
    await clock.advance(2 * READ_EVERY_MS);
    expect(acknowledged).toHaveLength(3);
    expect(gaps).toBe(1);
    expect(told.map(String)).toEqual([expect.stringContaining("are not of this deployment")]);
    void reader.stop();
  });
});
