// One process of Fillstream, with ways of its own to everything it needs: killed, stopped and started
// again as an operating system would. One that ends by itself is started again, as a service would be.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { run, until } from "../support/fillstream.ts";
import type { TcpProxy } from "../support/tcp-proxy.ts";

export interface Ways {
  readonly postgres: TcpProxy;
  readonly redis: TcpProxy;
  readonly exchange: TcpProxy;
}

export interface PartPlan {
  readonly name: string;
  readonly args: readonly string[];
  readonly variables: () => Record<string, string>;
  readonly ways: Ways;
  /** What its output says once it works. */
  readonly isReady: (output: string) => Promise<boolean> | boolean;
}

const KEPT_OUTPUT = 20_000;

export class Part {
  readonly name: string;
  readonly ways: Ways;
  /** How often it ended although nobody asked it to. */
  fell = 0;
  readonly #plan: PartPlan;
  #child: ChildProcess | null = null;
  #output = "";
  #wanted = false;
  #extra: Record<string, string> = {};

  constructor(plan: PartPlan) {
    this.#plan = plan;
    this.name = plan.name;
    this.ways = plan.ways;
  }

  get output(): string {
    return this.#output;
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error(`${this.name} does not run`);
    return pid;
  }

  get isRunning(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  start(): void {
    this.#wanted = true;
    this.#output = "";
    const child = run(this.#plan.args, { ...this.#plan.variables(), ...this.#extra });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data: Buffer) => {
        this.#output = (this.#output + data.toString()).slice(-KEPT_OUTPUT);
      });
    }
    child.once("exit", () => {
      if (!this.#wanted || this.#child !== child) return;
      this.fell += 1;
      setTimeout(() => {
        if (this.#wanted && this.#child === child) this.start();
      }, 200);
    });
  }

  async ready(): Promise<void> {
    const isReady = async (): Promise<boolean> =>
      this.isRunning && (await this.#plan.isReady(this.#output));
    await until(isReady, () => `${this.name} is not ready:\n${this.#output}`, 120_000);
  }

  /** Ends as an operator would end it, and starts in another environment. */
  async restart(extra: Record<string, string>): Promise<void> {
    await this.stop();
    this.#extra = extra;
    this.start();
    await this.ready();
  }

  /** The hardest end there is. It says nothing any more, and nothing is left to say it. */
  kill(): void {
    this.#wanted = false;
    this.#child?.kill("SIGKILL");
  }

  async gone(): Promise<void> {
    const child = this.#child;
    if (child === null || !this.isRunning) return;
    await once(child, "exit");
  }

  /** Stands still for a while, and goes on as if nothing had been. */
  async standStill(ms: number): Promise<void> {
    process.kill(this.pid, "SIGSTOP");
    await sleep(ms);
    process.kill(this.pid, "SIGCONT");
  }

  async stop(): Promise<void> {
    this.#wanted = false;
    if (!this.isRunning) return;
    const end = this.gone();
    this.#child?.kill("SIGTERM");
    this.#child?.kill("SIGCONT");
    const late = setTimeout(() => this.#child?.kill("SIGKILL"), 15_000);
    await end;
    clearTimeout(late);
  }
}
