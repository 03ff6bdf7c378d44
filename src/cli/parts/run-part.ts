// Runs one part (api, worker, exchange) until it is told to stop: by a signal, or by losing its parent.
import type { Config } from "../../config.ts";
import { createLogger, type Logger } from "../../log.ts";
import { messageOf } from "../../operator-error.ts";
import { whenOrphaned } from "./orphan.ts";

export interface RunningPart {
  stop(): Promise<void>;
}

/** How long a part may take to finish what it began before it is ended all the same. */
const STOP_TIMEOUT_MS = 8_000;
const [DONE, FAILED] = [0, 1];

export async function runPart(
  name: string,
  config: Config,
  start: (config: Config) => Promise<RunningPart>,
): Promise<number> {
  const log = createLogger(name, config);
  // Listens before it starts, so that a stop during the start is not lost.
  const asked = stopAsked();
  const part = await start(config);
  process.send?.({ ready: true });
  log.debug({ why: await asked }, "stopping");
  const code = await stopWithin(part, log);
  // An open channel to the parent would hold the process as well.
  if (process.connected) process.disconnect();
  // A handle that someone forgot must not keep a stopped part alive.
  setTimeout(() => process.exit(code), 500).unref();
  return code;
}

/**
 * Below `npm start` only the parent's word counts: Ctrl-C reaches the whole process group, and the
 * parent stops its parts in an order of its own. When the parent is gone, the part ends by itself.
 */
function stopAsked(): Promise<string> {
  const hasParent = process.connected;
  return new Promise((resolve) => {
    let asked = false;
    const ask = (why: string): void => {
      if (asked && why.startsWith("SIG")) process.exit(FAILED);
      asked = true;
      resolve(why);
    };
    process.on("SIGTERM", () => ask("SIGTERM"));
    process.on("SIGINT", () => {
      if (!hasParent) ask("SIGINT");
    });
    process.on("SIGHUP", () => {
      if (!hasParent) ask("SIGHUP");
    });
    if (!hasParent) whenOrphaned(() => ask("npm is gone"));
    process.once("disconnect", () => ask("the parent is gone"));
  });
}

async function stopWithin(part: RunningPart, log: Logger): Promise<number> {
  const late = setTimeout(() => {
    log.warn({ waitedMs: STOP_TIMEOUT_MS }, "did not stop in time");
    process.exit(FAILED);
  }, STOP_TIMEOUT_MS);
  try {
    await part.stop();
    return DONE;
  } catch (error) {
    log.error({ err: messageOf(error) }, "stopping failed");
    return FAILED;
  } finally {
    clearTimeout(late);
  }
}
