// One part as a child process: started, told to stop, and started again with a growing pause when it dies.
import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { endProcess, identityOf } from "../../embedded/process.ts";
import { OperatorError } from "../../operator-error.ts";
import { OWN_PROGRAM } from "./own-program.ts";
import type { Report } from "./report.ts";

export interface PartProcess {
  readonly name: string;
  /** Rejects when the part ends before it is ready: that is not worth a second try. */
  readonly ready: Promise<void>;
  /** Null while it is down. */
  readonly current: () => { readonly pid: number; readonly identity: string } | null;
  stop(): Promise<void>;
  kill(): void;
}

export interface PartOptions {
  readonly name: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly report: Report;
  /** Called whenever the process behind the part is another one. */
  readonly changed: () => void;
}

/**
 * On a laptop the parts rest most of the time. With V8's own 16 MB the four processes rest at 378 MB,
 * with 8 at 321, with 4 at 300; a part that is started alone keeps V8's choice.
 */
const YOUNG_GENERATION = "--max-semi-space-size=4";
const SHORTEST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/** A part that ran this long was well; its next end counts as the first. */
const WELL_AFTER_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;

export function startPart(options: PartOptions): PartProcess {
  const { name } = options;
  const state: State = { child: null, isStopping: false };
  const launch = (): Promise<boolean> => {
    state.child = spawnPart(options);
    options.changed();
    return becomesReady(state.child);
  };
  return {
    name,
    ready: launch().then((isReady) => {
      if (!isReady) throw new OperatorError(`The ${name} did not start: see its lines above.`);
      void keepAlive(state, launch, options);
    }),
    current: () => describe(state.child),
    async stop() {
      state.isStopping = true;
      const { child } = state;
      if (isRunning(child)) await endProcess(child.pid, "SIGTERM", STOP_TIMEOUT_MS);
    },
    kill() {
      state.isStopping = true;
      state.child?.kill("SIGKILL");
    },
  };
}

function spawnPart({ name, environment }: PartOptions): ChildProcess {
  const args = [...process.execArgv, YOUNG_GENERATION, OWN_PROGRAM, name];
  return spawn(process.execPath, args, {
    env: environment,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}

function becomesReady(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    child.once("message", () => resolve(true));
    child.once("exit", () => resolve(false));
    child.once("error", () => resolve(false));
  });
}

interface State {
  child: ChildProcess | null;
  isStopping: boolean;
}

async function keepAlive(
  state: State,
  launch: () => Promise<boolean>,
  { name, report }: PartOptions,
): Promise<void> {
  let failures = 0;
  for (;;) {
    const began = performance.now();
    const how = await endOf(state.child);
    if (state.isStopping) return;
    failures = performance.now() - began > WELL_AFTER_MS ? 1 : failures + 1;
    const pauseMs = Math.min(SHORTEST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
    report("error", { name, how, pauseMs }, "a part died and is started again");
    await sleep(pauseMs);
    if (state.isStopping) return;
    if (await launch()) report("info", { name }, "the part is ready again");
  }
}

function endOf(child: ChildProcess | null): Promise<string> {
  if (!isRunning(child)) return Promise.resolve("it ended at once");
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}

function isRunning(child: ChildProcess | null): child is ChildProcess & { readonly pid: number } {
  return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

function describe(child: ChildProcess | null): { pid: number; identity: string } | null {
  if (!isRunning(child)) return null;
  return { pid: child.pid, identity: identityOf(child.pid) ?? "" };
}
