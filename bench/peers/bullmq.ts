// A BullMQ worker: the front records and enqueues, the worker takes the intent and sends. Completed jobs
// are removed, as its documentation advises for many small ones.
import { Queue, Worker } from "bullmq";
import {
  concurrency,
  intend,
  isWorker,
  openDatabase,
  openDesk,
  record,
  serve,
  workerIsReady,
} from "./desk.ts";
import type { Job } from "./desk.ts";

const url = new URL(process.env["PEER_REDIS"] ?? "");
const connection = {
  ...{ host: url.hostname, port: Number(url.port), password: url.password },
  maxRetriesPerRequest: null,
};
const db = openDatabase();
const options = { removeOnComplete: true, attempts: 5, backoff: 1_000 };

if (isWorker) {
  const desk = await openDesk(db);
  const worker = new Worker<Job>(
    "signals",
    async ({ data }) => {
      if (await intend(db, data.id)) await desk.submit(data);
    },
    { connection, concurrency: concurrency() },
  );
  await worker.waitUntilReady();
  workerIsReady();
} else {
  const queue = new Queue<Job>("signals", { connection });
  serve(async (job) => {
    if (await record(db, job, "pending"))
      await queue.add("signal", job, { ...options, jobId: job.id });
  });
}
