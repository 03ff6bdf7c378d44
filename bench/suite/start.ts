// From the start of a process until it says that it is ready: the worker and the API on servers that run,
// and `fillstream start` with servers of its own, warm, until its API answers.
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { freePort } from "../../src/embedded/port.ts";
import { openHouse } from "../parts/house.ts";
import { spawn } from "node:child_process";
import { inTurn, type PartResult, type Run } from "../plan.ts";
import { median } from "../percentiles.ts";
import { MAIN, prepareFillstream, startApi, startWorker } from "../systems/fillstream.ts";

export async function start(run: Run): Promise<PartResult> {
  const times: Record<"worker" | "api" | "start", number[]> = { worker: [], api: [], start: [] };
  const house = await openHouse();
  const desk = await prepareFillstream(house, {});
  try {
    await inTurn(Array.from({ length: run.plan.start.times + 1 }), async (_, time) => {
      const worker = await timed(() => startWorker(desk));
      const api = await timed(() => startApi(desk));
      await Promise.all([worker.made.stop(), api.made.api.stop()]);
      const all = await startAll(join(house.directory, "all"));
      if (time === 0) return; // The first is cold.
      times.worker.push(worker.ms);
      times.api.push(api.ms);
      times.start.push(all);
      run.say(`worker ${worker.ms.toFixed(0)}, API ${api.ms.toFixed(0)}, all ${all.toFixed(0)} ms`);
    });
  } finally {
    await desk.sql.end();
    await house.close();
  }
  const [worker, api, all] = [times.worker, times.api, times.start].map(
    (values) => `${median(values).toFixed(0)} ms`,
  );
  const text = `start to ready: worker ${worker}, API ${api}, everything with servers of its own ${all}`;
  return { part: "start", text, data: times, problems: [] };
}

async function timed<Made>(make: () => Promise<Made>): Promise<{ made: Made; ms: number }> {
  const began = performance.now();
  const made = await make();
  return { made, ms: performance.now() - began };
}

const START_TIMEOUT_MS = 120_000;

async function startAll(data: string): Promise<number> {
  const port = await freePort();
  const began = performance.now();
  const child = spawn(process.execPath, [MAIN, "start"], {
    env: {
      ...{ PATH: process.env["PATH"], HOME: process.env["HOME"], FILLSTREAM_DATA: data },
      ...{ PORT: String(port), LOG_LEVEL: "warn", LOG_FORMAT: "json" },
    },
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    while (performance.now() - began < START_TIMEOUT_MS) {
      if (child.exitCode !== null) throw new Error(`fillstream start ended: ${child.exitCode}`);
      const isReady = await fetch(`http://127.0.0.1:${port}/api/health/ready`)
        .then(({ ok }) => ok)
        .catch(() => false);
      if (isReady) return performance.now() - began;
      await sleep(10);
    }
    throw new Error("fillstream start is not ready");
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
}
