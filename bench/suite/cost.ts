// What an order costs beside CPU: rows and bytes in PostgreSQL, bytes in Redis, memory at rest and at
// its peak. Each is alone in a house of its own, so that the servers' bytes are nobody else's.
import { setTimeout as sleep } from "node:timers/promises";
import { measure, type Measured } from "../measure.ts";
import { openHouse } from "../parts/house.ts";
import { residentMegabytes } from "../parts/usage.ts";
import { inTurn, peersOf, type PartResult, type Run } from "../plan.ts";
import { figures } from "../report/table.ts";
import { startFillstream } from "../systems/fillstream.ts";
import { startPeer, type PeerName } from "../systems/peer.ts";
import { told, verify, warmUp } from "./systems.ts";

interface Cost extends Measured {
  readonly restMegabytes: number;
}

export async function cost(run: Run): Promise<PartResult> {
  const all: Cost[] = [];
  const problems: string[] = [];
  const names = [...(run.only.includes("fillstream") ? (["fillstream"] as const) : [])];
  await inTurn<"fillstream" | PeerName>([...names, ...peersOf(run)], async (name) => {
    const house = await openHouse();
    const system = await (name === "fillstream"
      ? startFillstream(house, { execArgv: run.execArgv })
      : startPeer(name, house));
    try {
      await sleep(run.plan.cost.restSeconds * 1000);
      const restMegabytes = system.parts.reduce((sum, { pid }) => sum + residentMegabytes(pid), 0);
      await warmUp(house, system);
      const { count, perSecond } = run.plan.cost;
      const phase = { name: `${perSecond}/s`, perSecond, count, prefix: "cost" };
      const measured = await measure(house, system, phase);
      run.say(told(measured));
      all.push({ ...measured, restMegabytes });
      problems.push(...(await verify(house, [system], [measured])));
    } finally {
      await system.stop();
      await house.close();
    }
  });
  const text = figures("cost of 10,000 orders", all, [
    ["CPU s", (m) => m.cpu.all, 1],
    ["rows", (m) => m.rowsPerOrder * 10_000, 0],
    ["WAL B/order", (m) => m.walBytesPerOrder, 0],
    ["PostgreSQL B/order", (m) => m.databaseBytesPerOrder, 0],
    ["Redis B/order", (m) => m.redisBytesPerOrder, 0],
    ["MB at rest", (m) => m.restMegabytes, 0],
    ["MB at most", (m) => m.peakMegabytes, 0],
  ]);
  return { part: "cost", text, data: { all }, problems };
}
