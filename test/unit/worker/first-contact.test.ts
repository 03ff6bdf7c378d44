// How long the signals of an account wait for a look at its broker: at first, and when what is known is old.
import { beforeEach, expect, it } from "vitest";
import { createAccountBook } from "../../../src/domain/new-book.ts";
import { FirstContact } from "../../../src/worker/first-contact.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { ACCOUNT_ID, World } from "../risk/world.ts";

const MINUTE_MS = 60_000;
/** Older than anybody judges by. */
const OLD_MS = 11 * MINUTE_MS;

let clock: ManualClock;
let world: World;
let isUp: boolean;
let over: number;
let contact: FirstContact;
beforeEach(() => {
  world = World.ready();
  clock = new ManualClock(world.now);
  [isUp, over] = [true, 0];
  contact = new FirstContact({
    clock,
    account: () => world.account,
    isShutOut: () => false,
    isUp: () => isUp,
    onOver: () => void (over += 1),
  });
  contact.expect(ACCOUNT_ID);
});

const waits = () => contact.waitsFor(ACCOUNT_ID);
function look(): void {
  world.now = clock.now();
  world.observe("100000");
}

it("an account that is known waits for nothing", () => {
  expect(waits()).toBe(false);
});

it("one that was never met waits for ten seconds, and then no more", async () => {
  const account = createAccountBook(world.account.account);
  const never = new FirstContact({
    ...{ clock, account: () => account, isShutOut: () => false, isUp: () => true },
    onOver: () => void (over += 1),
  });
  never.expect(ACCOUNT_ID);
  expect(never.waitsFor(ACCOUNT_ID)).toBe(true);
  await clock.advance(10_000);
  expect([never.waitsFor(ACCOUNT_ID), over]).toEqual([false, 1]);
});

it("one that is known by an old look waits for the next, ten seconds at most, and once", async () => {
  await clock.advance(OLD_MS);
  expect(waits()).toBe(true);
  await clock.advance(10_000);
  expect([waits(), over]).toEqual([false, 1]);
  await clock.advance(MINUTE_MS);
  expect(waits()).toBe(false);
});

it("a look ends the wait, and the next old one is waited for anew", async () => {
  await clock.advance(OLD_MS);
  expect(waits()).toBe(true);
  look();
  expect(waits()).toBe(false);
  await clock.advance(OLD_MS);
  expect(waits()).toBe(true);
});

it("while its broker is away nothing waits for a look; once it is back it does", async () => {
  isUp = false;
  await clock.advance(OLD_MS);
  expect(waits()).toBe(false);
  isUp = true;
  expect(waits()).toBe(true);
});
