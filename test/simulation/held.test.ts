// An order that waits for another when its worker ends: whoever has the partition next lets it go, with no
// price, no view and no hour that comes by and would make it look.
import { describe, expect, it } from "vitest";
import { Decimal } from "../../src/domain/decimal.ts";
import type { EventType } from "../../src/domain/event.ts";
import type { OrderTerms } from "../../src/domain/order/spec.ts";
import { CommitUnknown } from "../../src/ports/store.ts";
import { assemble } from "./assemble.ts";
import { NO_BUGS } from "./bugs.ts";
import { SimWorker, type Deployment } from "./deployment.ts";
import { Faults } from "./faults.ts";
import { Random } from "./random.ts";
import { MARKET } from "./wishes.ts";
import { Workload } from "./workload.ts";
import { ACCOUNTS, INSTRUMENTS } from "./world.ts";

const [ACCOUNT] = ACCOUNTS as [(typeof ACCOUNTS)[number]];
const SETTLED_MS = 15_000;
/** A lease, and what a start takes. */
const NEXT_HOLDER_MS = 8_000;
const RELOAD_MS = 1_000;
const HELD = Decimal.of("5");
const REVIVE_MS = 1_000;

function soonUnpriced(seed: number): Deployment {
  const faults = Faults.none(new Random(seed));
  const conditions = {
    faults,
    bugs: NO_BUGS,
    executionIds: "same",
    pricesUntilMs: SETTLED_MS,
  } as const;
  return assemble({ ...conditions, requestsPerMinute: 100_000 });
}

/** Calls back once, at the commit of the first event like that. */
function atCommitOf({ database }: Deployment, type: EventType, then: () => void): void {
  const commit = database.commit.bind(database);
  let isArmed = true;
  database.commit = (parts) => {
    const result = commit(parts);
    if (isArmed && parts.some(({ events }) => events.some(({ event }) => event.type === type))) {
      isArmed = false;
      then();
    }
    return result;
  };
}

/** Something is held, and an exit rests that has to give way before it is sold at the market. */
async function closeBehindExit(deployment: Deployment): Promise<void> {
  const { scheduler } = deployment;
  const [{ id: instrumentId }] = INSTRUMENTS as [(typeof INSTRUMENTS)[number]];
  const workload = new Workload(deployment);
  const post = (terms: OrderTerms) =>
    void workload.post(ACCOUNT.id, { kind: "trade", terms }, instrumentId);
  post({ ...MARKET, quantity: HELD });
  await scheduler.run(SETTLED_MS + 500, () => undefined);
  const limitPrice = Decimal.of("130");
  post({ ...MARKET, side: "sell", quantity: HELD, type: "limit", timeInForce: "gtc", limitPrice });
  await scheduler.run(SETTLED_MS + 1_000, () => undefined);
  void workload.command(ACCOUNT.id, { kind: "close_position", instrumentId, quantity: null });
}

describe("a close that waits for an exit to give way", () => {
  it.each([
    ["kill", NEXT_HOLDER_MS],
    ["restart", NEXT_HOLDER_MS],
    ["lost reply", RELOAD_MS],
  ] as const)("goes on after a %s", async (end, withinMs) => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const deployment = soonUnpriced(seed);
      const { scheduler, database } = deployment;
      const worker = new SimWorker("w1", deployment);
      await scheduler.run(SETTLED_MS, () => undefined);
      let ended = 0;
      atCommitOf(deployment, "OrderCancelled", () => {
        ended += 1;
        if (end === "lost reply") throw new CommitUnknown("a drill");
        if (end === "kill") worker.kill();
        else void worker.restart();
        scheduler.after(REVIVE_MS, () => worker.reviveIfDead());
      });
      await closeBehindExit(deployment);
      await scheduler.run(SETTLED_MS + 1_000 + withinMs, () => undefined);
      const statuses = [...database.orders.values()].map(
        ({ status, hold }) => hold?.reason ?? status,
      );
      expect([ended, statuses]).toEqual([1, ["filled", "cancelled", "filled"]]);
      worker.kill();
    }
  });
});
