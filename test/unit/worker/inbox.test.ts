// What waits for a decision: of an account one tick at most, whatever else waits with it.
import { expect, it } from "vitest";
import { asId, type AccountId } from "../../../src/domain/ids.ts";
import type { Input } from "../../../src/domain/book.ts";
import { Inbox } from "../../../src/worker/inbox.ts";

const tick = (name: string): Input => ({ kind: "tick", accountId: asId<AccountId>(name) });

it("ticks of an account that wait already say nothing new", () => {
  const inbox = new Inbox({ signals: 0, commands: 0 });
  for (let second = 0; second < 3_600; second += 1) {
    inbox.offerFact(tick("north"));
    inbox.offerFact(tick("south"));
  }
  expect(inbox.take(10)).toEqual([tick("north"), tick("south")]);
});

it("a tick that comes once the one before is taken waits for its turn", () => {
  const inbox = new Inbox({ signals: 0, commands: 0 });
  inbox.offerFact(tick("north"));
  const batch = inbox.take(10);
  inbox.offerFact(tick("north"));
  expect(inbox.depth).toBe(1);
  inbox.take(10);
  inbox.putBack(batch);
  inbox.offerFact(tick("north"));
  expect(inbox.take(10)).toEqual([tick("north")]);
  inbox.offerFact(tick("north"));
  inbox.takeFactsOnly();
  expect(inbox.isEmpty).toBe(true);
});

it("a tick can bear no wait, and what the broker says none when the partition is leaving", () => {
  const inbox = new Inbox({ signals: 0, commands: 0 });
  inbox.offerFact({ kind: "outcome", accountId: asId("north") } as Input);
  expect([inbox.isEmpty, inbox.isUrgent]).toEqual([false, false]);
  inbox.offerFact(tick("north"));
  expect(inbox.isUrgent).toBe(true);
  inbox.takeFactsOnly();
  expect([inbox.isEmpty, inbox.isUrgent]).toEqual([false, true]);
});
