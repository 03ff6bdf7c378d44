// How many prices a second are taken in while thousands of positions are held: asked for, believed, in the
// worker's cache, the positions valued and limits on loss judged, and the marks saved.
import { setTimeout as sleep } from "node:timers/promises";
import { openPast } from "../growth/past.ts";
import { cpuOf, cpuOfTree } from "../parts/usage.ts";
import type { PartResult, Run } from "../plan.ts";
import { startFillstream } from "../systems/fillstream.ts";

const ORDERS_PER_POSITION = 10;

export async function prices(run: Run): Promise<PartResult> {
  const { positions, seconds, everyMs } = run.plan.prices;
  const past = await openPast(
    { orders: positions * ORDERS_PER_POSITION, positions, logShare: 1 },
    run.say,
  );
  const { house } = past;
  const system = await startFillstream(house, {
    ...{ execArgv: run.execArgv, database: { url: past.databaseUrl } },
    environment: { PRICES_EVERY_MS: String(everyMs) },
  });
  const look = async () => {
    const [row] = await system.sql`
      SELECT (n_tup_ins + n_tup_upd)::float8 AS saved, extract(epoch FROM clock_timestamp())::float8 AS at
      FROM pg_stat_user_tables WHERE relname = 'marks'`;
    return {
      ...{ saved: Number(row?.["saved"]), at: Number(row?.["at"]) },
      cpu: cpuOf(system.sender.pid) + cpuOfTree(house.postgresPid),
    };
  };
  try {
    await sleep(3_000);
    const before = await look();
    await sleep(seconds * 1000);
    const after = await look();
    const [saved, cpu] = [after.saved - before.saved, after.cpu - before.cpu];
    const perSecond = saved / (after.at - before.at);
    const cpuPer = (cpu * 100_000) / saved;
    const text =
      `prices: ${perSecond.toFixed(0)} marks a second over ${positions} positions, asked for every ` +
      `${everyMs} ms; ${cpuPer.toFixed(1)} CPU s per 100,000 (worker and PostgreSQL)`;
    return {
      part: "prices",
      text,
      data: { positions, perSecond, cpuPer100k: cpuPer },
      problems: [],
    };
  } finally {
    await system.stop();
    await house.close();
  }
}
