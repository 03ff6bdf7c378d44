// When a partition is woken: at the earliest deadline of its book. What an event moved is seen at once,
// what a limit moved with the tick that tells of it, and what nobody tells within a second.
import { beforeEach, expect, it } from "vitest";
import type { Input } from "../../../src/domain/book.ts";
import { PartitionTimer } from "../../../src/worker/partition-timer.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { AAPL, ACCOUNT_ID, Scene } from "../decide/scene.ts";

const TICK: Input = { kind: "tick", accountId: ACCOUNT_ID };
const NOTHING = { inputs: [], events: [] };

let clock: ManualClock;
let scene: Scene;
let timer: PartitionTimer;
let woken: number;

beforeEach(() => {
  clock = new ManualClock();
  scene = new Scene();
  woken = 0;
  timer = new PartitionTimer(clock, () => (woken += 1));
  scene.world.set("max_signal_age_seconds", "60");
  scene.tokens = 0;
  scene.signal({ side: "buy", quantity: "1", of: AAPL });
  timer.arm(scene.book, scene.context, null);
});

/** Whether it wakes within so many milliseconds. */
async function wakesWithin(ms: number): Promise<boolean> {
  await clock.advance(ms);
  return woken > 0;
}

it("wakes when the first of the held orders is too old", async () => {
  expect(await wakesWithin(60_000)).toBe(false);
  expect(await wakesWithin(1)).toBe(true);
});

it("sees at once what an event of its batch moves", async () => {
  scene.world.set("max_signal_age_seconds", "10");
  const told = scene.log.length;
  scene.signal({ side: "buy", quantity: "1", of: AAPL });
  timer.arm(scene.book, scene.context, { inputs: [], events: scene.log.slice(told) });
  expect(await wakesWithin(10_001)).toBe(true);
});

it.each([
  ["with a tick", () => timer.arm(scene.book, scene.context, { ...NOTHING, inputs: [TICK] })],
  [
    "with the first batch a second later",
    () => {
      scene.world.now += 1_000;
      timer.arm(scene.book, scene.context, NOTHING);
    },
  ],
])("looks at all orders %s", async (_when, look) => {
  scene.world.set("max_signal_age_seconds", "10");
  timer.arm(scene.book, scene.context, NOTHING);
  look();
  expect(await wakesWithin(10_001)).toBe(true);
});

/** The timer has looked at all, which took 200 ms, and a limit has changed since. */
function moveDeadlineBehindALongLook(): void {
  let takes = 200;
  let passed = 0;
  const slow = {
    after: (ms: number, callback: () => void) => clock.after(ms, callback),
    // Each look takes as long, by the clock that nobody sets.
    monotonic: () => (passed += takes) - takes,
  };
  timer.stop();
  timer = new PartitionTimer(slow, () => (woken += 1));
  timer.arm(scene.book, scene.context, null);
  takes = 0;
  scene.world.set("max_signal_age_seconds", "10");
}

it("looks at all less often where that takes long", async () => {
  moveDeadlineBehindALongLook();
  scene.world.now += 3_900;
  timer.arm(scene.book, scene.context, NOTHING);
  expect(await wakesWithin(10_001)).toBe(false);
  scene.world.now += 100;
  timer.arm(scene.book, scene.context, NOTHING);
  expect(await wakesWithin(6_001)).toBe(true);
});

it("finds what a tick within that rest has moved when the rest is over, and nothing comes meanwhile", async () => {
  moveDeadlineBehindALongLook();
  scene.world.now += 3_000;
  timer.arm(scene.book, scene.context, { ...NOTHING, inputs: [TICK] });
  expect(await wakesWithin(999)).toBe(false);
  expect(await wakesWithin(1)).toBe(true);
  scene.world.now += 1_000;
  timer.arm(scene.book, scene.context, { ...NOTHING, inputs: [TICK] });
  woken = 0;
  expect(await wakesWithin(6_001)).toBe(true);
});

it("keeps what is armed when no order has moved", async () => {
  timer.arm(scene.book, scene.context, NOTHING);
  expect(await wakesWithin(60_001)).toBe(true);
});

it("keeps its time when the clock is set ahead", async () => {
  scene.world.set("max_signal_age_seconds", "3600");
  timer = new PartitionTimer(clock, () => (woken += 1));
  timer.arm(scene.book, scene.context, null);
  // An hour passes for the deadline, and a moment for everybody else.
  scene.world.now += 3_599_000;
  timer.arm(scene.book, scene.context, NOTHING);
  expect(await wakesWithin(1_001)).toBe(true);
});

it("wakes nobody once it is stopped", async () => {
  timer.stop();
  timer.arm(scene.book, scene.context, null);
  expect(await wakesWithin(120_000)).toBe(false);
});
