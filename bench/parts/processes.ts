// The processes of a run: each says when it is ready, and all are ended with the run.
import { fork, type ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

export interface Part {
  readonly child: ChildProcess;
  readonly pid: number;
  /** What it said when it was ready. */
  readonly said: unknown;
}

export interface PartPlan {
  readonly file: string;
  readonly args?: readonly string[];
  readonly execArgv?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const START_TIMEOUT_MS = 60_000;
/** As the container starts Fillstream; the peers and everything around them have the same. */
const YOUNG_GENERATION = "--max-semi-space-size=64";
const END_TIMEOUT_MS = 15_000;
const RESTART_AFTER_MS = 1_000;

export function startPart(plan: PartPlan): Promise<Part> {
  const { file, args = [], execArgv = [], environment = {} } = plan;
  const child = fork(file, [...args], {
    execArgv: [YOUNG_GENERATION, ...(file.endsWith(".ts") ? ["--import", "tsx"] : []), ...execArgv],
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...environment },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} did not start`);
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${file} is not ready`)), START_TIMEOUT_MS);
    child.once("message", (message: { readonly ready: unknown }) => {
      clearTimeout(late);
      resolve({ child, pid, said: message });
    });
    child.once("exit", (code) => reject(new Error(`${file} ended with ${code}`)));
  });
}

/** A part whose process is started again when it ends by itself, as any process manager would. */
export interface Kept {
  readonly pid: number;
  readonly said: unknown;
  /** How often it was started again. */
  readonly restarts: number;
  /** Ends it without a word; it comes back. */
  kill(): void;
  /** Asks it to end, as a rolling restart does; it comes back. */
  restart(): void;
  /** Asks it to end; it does not come back. */
  stop(): Promise<void>;
}

export async function keepPart(plan: PartPlan): Promise<Kept> {
  let part = await startPart(plan);
  let restarts = 0;
  let isKept = true;
  let coming: Promise<void> = Promise.resolve();
  const comeBack = async (): Promise<void> => {
    while (isKept) {
      await sleep(RESTART_AFTER_MS);
      if (!isKept) return;
      restarts += 1;
      try {
        part = await startPart(plan);
        watch();
        return;
      } catch {
        // What it needs may be away as well: again after the pause.
      }
    }
  };
  const watch = (): void => {
    part.child.once("exit", () => {
      if (isKept) coming = comeBack();
    });
  };
  watch();
  return {
    get pid() {
      return part.pid;
    },
    get said() {
      return part.said;
    },
    get restarts() {
      return restarts;
    },
    kill: () => void part.child.kill("SIGKILL"),
    restart: () => void part.child.kill("SIGTERM"),
    async stop() {
      isKept = false;
      await coming;
      await endPart(part);
    },
  };
}

/** Sends one message and waits for the one that answers it. */
export function ask<Answer>(part: Part, message: object): Promise<Answer> {
  return new Promise((resolve) => {
    part.child.once("message", (answer) => resolve(answer as Answer)); // the parts' own words
    part.child.send(message);
  });
}

export function endPart({ child }: Part): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const late = setTimeout(() => child.kill("SIGKILL"), END_TIMEOUT_MS);
    child.once("exit", () => {
      clearTimeout(late);
      resolve();
    });
    if (child.connected) child.disconnect();
    else child.kill("SIGTERM");
  });
}
