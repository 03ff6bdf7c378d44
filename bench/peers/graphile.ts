// A graphile-worker: the front records and enqueues in one commit, the worker takes the intent and sends.
import { Logger, makeWorkerUtils, run } from "graphile-worker";
import {
  concurrency,
  intend,
  isWorker,
  openDatabase,
  openDesk,
  serve,
  workerIsReady,
} from "./desk.ts";
import type { Job } from "./desk.ts";

const connectionString = process.env["PEER_DATABASE"] ?? "";
const db = openDatabase();

if (isWorker) {
  const desk = await openDesk(db);
  await run({
    ...{ connectionString, concurrency: concurrency(), maxPoolSize: 24, noHandleSignals: true },
    taskList: {
      async signal(payload) {
        const job = payload as Job; // written by the front below
        if (await intend(db, job.id)) await desk.submit(job);
      },
    },
    logger: new Logger(() => () => undefined),
  });
  workerIsReady();
} else {
  const tools = await makeWorkerUtils({ connectionString });
  await tools.migrate();
  await tools.release();
  serve(async (job) => {
    await db`
      WITH signal AS (
        INSERT INTO signals (id, client_signal_id, body)
        VALUES (${job.id}, ${job.client_signal_id}, ${db.json({ ...job })})
        ON CONFLICT (client_signal_id) DO NOTHING RETURNING id),
      placed AS (
        INSERT INTO orders (id, signal_id, symbol, side, qty, status)
        SELECT id, id, ${job.symbol}, ${job.side}, ${job.qty}, 'pending' FROM signal RETURNING id)
      SELECT graphile_worker.add_job('signal', ${db.json({ ...job })}::json) FROM placed`;
  });
}
