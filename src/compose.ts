// The parts of Fillstream put together: the only place that knows every room.
export { startApi } from "./compose/api.ts";
export { startWorker } from "./compose/worker.ts";
