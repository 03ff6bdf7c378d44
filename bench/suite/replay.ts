// `fillstream replay --verify` on a log of so many events: how fast the fold goes over it, and that every
// row of the made-up past is as the log says.
import { connect } from "../../src/db/client.ts";
import { verifyByReplay } from "../../src/db/replay.ts";
import { openPast } from "../growth/past.ts";
import type { PartResult, Run } from "../plan.ts";

/** Nine orders of five events, and a refusal. */
const ORDERS_PER_EVENT = 9 / 46;
const POSITIONS = 500;

export async function replay(run: Run): Promise<PartResult> {
  const orders = Math.ceil(run.plan.replay.events * ORDERS_PER_EVENT);
  const past = await openPast({ orders, positions: POSITIONS, logShare: 1 }, run.say);
  const sql = connect({
    ...{ url: past.databaseUrl, name: "bench", maxConnections: 2, patient: true },
  });
  try {
    const began = performance.now();
    const result = await verifyByReplay(sql);
    const seconds = (performance.now() - began) / 1000;
    const { events, differenceCount, differences } = result;
    const text = `replay: ${events} events in ${seconds.toFixed(1)} s, ${(events / seconds).toFixed(0)} a second, ${differenceCount} differences`;
    const problems =
      differenceCount === 0
        ? []
        : [`replay: ${differenceCount} differences, as ${JSON.stringify(differences.slice(-5))}`];
    return { part: "replay", text, data: { ...result, differences: [], seconds }, problems };
  } finally {
    await sql.end();
    await past.house.close();
  }
}
