// A plain handler without a queue: record, send, and only then answer. What is under way when it dies
// is lost, and two signals of one account may overtake each other.
import { openDatabase, openDesk, record, serve } from "./desk.ts";

const db = openDatabase();
const desk = await openDesk(db);
serve(async (job) => {
  if (await record(db, job, "submitted")) await desk.submit(job);
});
