// `fillstream start`, which is `npm start`: everything on this machine, until it is told to stop.
import { parseArgs } from "node:util";
import { loadConfig } from "../../config.ts";
import { whenOrphaned } from "../parts/orphan.ts";
import { banner } from "../start/banner.ts";
import { becomesReady } from "../start/ready.ts";
import { reporter } from "../start/report.ts";

export const name = "start";
export const summary = "run everything on this machine";
export const usage = `fillstream start [--fresh]

  --fresh   forget everything that earlier starts kept in the data directory

  PORT=8080 fillstream start --fresh`;

/** The exit code of a program that Ctrl-C ended. */
const INTERRUPTED = 130;

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { fresh: { type: "boolean", default: false } } });
  const config = loadConfig();
  const { createSupervisor } = await import("../start/supervisor.ts");
  const supervisor = createSupervisor(config, reporter(config), values.fresh);
  const signal = stopSignal(() => supervisor.kill());
  try {
    const began = performance.now();
    const running = await supervisor.start(signal);
    await becomesReady(config, signal);
    process.stdout.write(banner(config, running, performance.now() - began));
    await asked(signal);
    return 0;
  } catch (error) {
    if (signal.aborted && error === signal.reason) return 0;
    throw error;
  } finally {
    await supervisor.stop();
  }
}

/** The first signal asks for a stop in good order; the second is at once. */
function stopSignal(kill: () => void): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) {
      kill();
      process.exit(INTERRUPTED);
    }
    process.stderr.write("Stopping … (again to stop at once)\n");
    controller.abort();
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, stop);
  whenOrphaned(stop);
  return controller.signal;
}

function asked(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve());
  });
}
