// What the stream lost is read from the record as fast as it is decided, and no faster; a stream that
// delivers by itself is left to it.
import { beforeEach, describe, expect, it } from "vitest";
import {
  asId,
  type AccountId,
  type CommandId,
  type InstrumentId,
  type SignalId,
} from "../../../src/domain/ids.ts";
import type { UnreadableCommand, UnreadableSignal } from "../../../src/domain/unreadable.ts";
import { Inbox, SIGNAL_CAPACITY } from "../../../src/worker/inbox.ts";
import type { PartitionRunner } from "../../../src/worker/partition-runner.ts";
import { Sweep } from "../../../src/worker/sweep.ts";
import { ManualClock, settle } from "../../support/manual-clock.ts";

const ACCOUNT = asId<AccountId>("north");
const INSTRUMENT = asId<InstrumentId>("SIM:AAA");
const BACKLOG = 10_000;
/** Less than one interval between two looks. */
const WHILE_MS = 900;

const signal = (number: number): UnreadableSignal => ({
  ...{ id: asId<SignalId>(`s${number}`), number, accountId: ACCOUNT, instrumentId: INSTRUMENT },
  ...{ strategyId: null, actor: "bot", traceParent: null, unreadable: "a test" },
});
const command = (number: number): UnreadableCommand => ({
  ...{ id: asId<CommandId>(`c${number}`), number, accountId: ACCOUNT },
  ...{ actor: "bot", traceParent: null, unreadable: "a test" },
});

function page<Item>(last: number, of: (number: number) => Item, [after, count]: [number, number]) {
  const size = Math.max(0, Math.min(count, last - after));
  return Array.from({ length: size }, (_, index) => of(after + index + 1));
}

describe("what the stream lost", () => {
  let clock: ManualClock;
  let inbox: Inbox;
  let pages: number;
  let commands: number;
  let sweep: Sweep;
  let runner: PartitionRunner;
  /** What happens while a page of signals is read. */
  let meanwhile: () => void;

  beforeEach(() => {
    clock = new ManualClock();
    inbox = new Inbox({ signals: 0, commands: 0 });
    pages = 0;
    commands = 0;
    meanwhile = () => undefined;
    // Of a runner the sweep sees only these.
    runner = { partition: 0, inbox, isLeaving: false } as unknown as PartitionRunner;
    sweep = new Sweep({
      clock,
      intervalMs: () => 1_000,
      runners: () => [runner],
      onSwept: () => undefined,
      onError: (error) => {
        throw error;
      },
      store: {
        acceptedNumbers: async () => new Map([[0, { signals: BACKLOG, commands }]]),
        signalsAfter: async (_partition, after, count) => {
          pages += 1;
          meanwhile();
          return page(BACKLOG, signal, [after, count]);
        },
        commandsAfter: async (_partition, after, count) => page(commands, command, [after, count]),
      },
    });
  });

  /** Decides what is there as time goes by. */
  async function decide(perStep: number): Promise<number> {
    let decided = 0;
    for (let passed = 0; passed < WHILE_MS; passed += 10) {
      await clock.advance(10);
      decided += inbox.take(perStep).length;
    }
    return decided;
  }

  it("is read page after page, up to what the inbox holds", async () => {
    void sweep.fill(runner);
    await clock.advance(10);
    expect(inbox.signals.size).toBe(SIGNAL_CAPACITY);
  });

  it("is read on as it is decided, without waiting for the next look", async () => {
    const filling = sweep.fill(runner);
    expect(await decide(500)).toBe(BACKLOG);
    await filling;
  });

  it("lets a command pass that came meanwhile", async () => {
    void sweep.fill(runner);
    await clock.advance(10);
    commands = 1;
    await clock.advance(50);
    expect(inbox.commands.size).toBe(1);
  });

  it("is left to the stream once that delivers by itself", async () => {
    meanwhile = () => {
      for (let number = 1; number <= 100; number += 1) inbox.offerSignal(signal(number));
    };
    await sweep.fill(runner);
    expect(pages).toBe(1);
  });

  it("is left alone by a sweep that has ended", async () => {
    sweep.start();
    await clock.advance(10);
    const before = pages;
    await sweep.stop();
    inbox.take(SIGNAL_CAPACITY);
    await clock.advance(WHILE_MS);
    await settle();
    expect(pages).toBe(before);
  });
});
