// The pause when one of two workers is killed, and when it is restarted as a new release would: how long
// a signal waited at most until it was on the broker's wire. What was signalled meanwhile must all be filled.
import { setTimeout as sleep } from "node:timers/promises";
import { measure } from "../measure.ts";
import { openHouse } from "../parts/house.ts";
import type { Kept } from "../parts/processes.ts";
import { inTurn, type PartResult, type Run } from "../plan.ts";
import { median } from "../percentiles.ts";
import { startFillstream } from "../systems/fillstream.ts";
import type { System } from "../systems/system.ts";
import { told, warmUp } from "./systems.ts";

type End = "killed" | "restarted";

/** What became of an order whose answer died with its worker is known after half a minute and a few looks. */
const SETTLE_MS = 60_000;

export async function failover(run: Run): Promise<PartResult> {
  const { times, perSecond, beforeSeconds, afterSeconds } = run.plan.failover;
  const house = await openHouse();
  const system = await startFillstream(house, { execArgv: run.execArgv, workers: 2 });
  const pauses: Record<End, number[]> = { killed: [], restarted: [] };
  const problems: string[] = [];
  try {
    await warmUp(house, system);
    const ends = Array.from({ length: times }).flatMap((): End[] => ["killed", "restarted"]);
    await inTurn(ends, async (end, time) => {
      const ended = sleep(beforeSeconds * 1000).then(async () => {
        const worker = await holder(system);
        if (end === "killed") worker.kill();
        else worker.restart();
      });
      const measured = await measure(house, system, {
        ...{ name: "failover", perSecond, count: perSecond * (beforeSeconds + afterSeconds) },
        ...{ prefix: `failover-${time}`, settleMs: SETTLE_MS },
      });
      await ended;
      const { lost, doubled, onWire } = measured;
      pauses[end].push(onWire.max);
      run.say(`${end}: longest wait ${onWire.max.toFixed(0)} ms; ${told(measured)}`);
      if (lost + doubled > 0)
        problems.push(
          `failover, ${end}: ${lost} lost, ${doubled} doubled ${measured.firstFailure ?? ""}`,
        );
    });
  } finally {
    await system.stop();
    await house.close();
  }
  const text = (["killed", "restarted"] as const)
    .map((end) => {
      const [usual, most] = [median(pauses[end]), Math.max(...pauses[end])];
      return `failover: ${end} ${times} times, the longest wait of a signal was ${usual.toFixed(0)} ms (most ${most.toFixed(0)})`;
    })
    .join("\n");
  return { part: "failover", text, data: { pauses }, problems };
}

/** The worker whose lease has the account's partition; its owner's name carries its process id. */
async function holder({ parts, sql }: System): Promise<Kept> {
  const [row] = await sql`
    SELECT l.owner FROM accounts a JOIN leases l ON l.name = 'p' || a.partition WHERE a.id = 'mock'`;
  const owner = String(row?.["owner"]);
  const found = parts.find(({ pid }) => owner.includes(`-${pid}-`));
  if (found === undefined) throw new Error(`nobody is ${owner}`);
  return found;
}
