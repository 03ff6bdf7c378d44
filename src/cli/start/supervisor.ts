// `npm start`: brings everything up in order, keeps it up, and takes it down in the opposite order.
//
// Starting: claim the data directory, end what a killed start left, servers and tables while the exchange
//           starts, the other parts, ready.
// Running:  a part or an embedded server that dies is started again.
// Stopping: API and worker together, then the exchange they talk to, then the servers they write to.
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../config.ts";
import { claim } from "../../embedded/claim.ts";
import { makeDirectory, writePrivateFile } from "../../embedded/directory.ts";
import { freePort, portIsFree, whyNotListen } from "../../embedded/port.ts";
import { holdServers, type HeldServers } from "../../embedded/servers.ts";
import { messageOf, OperatorError } from "../../operator-error.ts";
import { serversWanted } from "../parts/servers.ts";
import { envFile, environmentOf, variablesOf, type Addresses } from "./addresses.ts";
import { removeData } from "./fresh.ts";
import { endLeftovers, recordParts } from "./leftovers.ts";
import type { Report } from "./report.ts";
import { startPart, type PartProcess } from "./part-process.ts";
import { runMigration } from "./run-migration.ts";
import { keepServersAlive } from "./server-watch.ts";

export interface Running {
  readonly addresses: Addresses;
  readonly redisMissing: readonly string[] | null;
}

export interface Supervisor {
  /** Everything that the parts need, then the parts; throws when the signal comes meanwhile. */
  start(signal: AbortSignal): Promise<Running>;
  /** In good order, whatever was started. */
  stop(): Promise<void>;
  /** The parts at once; the guards see to the servers when this process is gone. */
  kill(): void;
}

interface Stage {
  readonly config: Config;
  readonly report: Report;
  readonly parts: PartProcess[];
  held: HeldServers | null;
}

export function createSupervisor(config: Config, report: Report, fresh: boolean): Supervisor {
  const stage: Stage = { config, report, parts: [], held: null };
  let release: (() => void) | null = null;
  return {
    start(signal) {
      makeDirectory(config.dataDirectory, 0o711);
      release = claimDirectory(config);
      return raise(stage, fresh, signal);
    },
    async stop() {
      // Without the claim, what is there belongs to another start.
      if (release === null) return;
      await takeDown(stage);
      release();
    },
    kill() {
      for (const part of stage.parts) part.kill();
    },
  };
}

function claimDirectory(config: Config): () => void {
  const claimed = claim(join(config.dataDirectory, "start.lock"));
  if ("owner" in claimed) {
    throw new OperatorError(
      `Fillstream already runs on ${config.dataDirectory} (process ${claimed.owner}): stop it first, or set FILLSTREAM_DATA to another directory.`,
    );
  }
  return () => claimed.release();
}

async function raise(stage: Stage, fresh: boolean, signal: AbortSignal): Promise<Running> {
  const { config } = stage;
  await endLeftovers(partsFile(config));
  await requirePort(config);
  if (fresh) removeData(config.dataDirectory);
  if (config.redisUrl !== null) await checkRedis(config.redisUrl);
  signal.throwIfAborted();

  const exchangePort = await chooseExchangePort(config);
  const environment = environmentOf(config, exchangePort);
  // The exchange needs no server. Both are waited for, since whatever was started has to be stopped.
  const [servers, exchange] = await Promise.allSettled([
    raiseServers(stage, exchangePort, environment, signal),
    exchangePort === null ? null : raisePart(stage, "exchange", environment, signal),
  ]);
  if (servers.status === "rejected") throw servers.reason;
  if (exchange.status === "rejected") throw exchange.reason;
  const whole = { ...environment, ...variablesOf(config, servers.value.addresses) };
  await Promise.all(["worker", "api"].map((name) => raisePart(stage, name, whole, signal)));
  return servers.value;
}

/** PostgreSQL and Redis, kept alive, with this version's tables. */
async function raiseServers(
  stage: Stage,
  exchangePort: number | null,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Running> {
  const { config, report } = stage;
  const held = await holdServers(serversWanted(config, "postgres and redis"));
  stage.held = held;
  keepServersAlive(held, report);
  signal.throwIfAborted();
  const databaseUrl = held.postgres?.url ?? config.databaseUrl;
  if (databaseUrl === null) throw new Error("Neither DATABASE_URL nor an embedded PostgreSQL");
  const addresses = { databaseUrl, redisUrl: held.redis?.url ?? config.redisUrl, exchangePort };
  const variables = variablesOf(config, addresses);
  writePrivateFile(envPath(config), envFile(variables));
  await runMigration({ ...environment, ...variables });
  return { addresses, redisMissing: held.redisMissing };
}

function raisePart(
  stage: Stage,
  name: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const { config, report, parts } = stage;
  const changed = (): void => {
    try {
      recordParts(partsFile(config), runningParts(stage));
    } catch (error) {
      // The list serves only a start after this one was killed; a full disk must not stop what runs.
      report("error", { reason: messageOf(error) }, "the parts could not be written down");
    }
  };
  const part = startPart({ name, environment, report, changed });
  parts.push(part);
  changed();
  return Promise.race([part.ready, aborted(signal)]);
}

/** Never resolves; a part that is still starting must not hold up a stop. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error));
  });
}

function partsFile(config: Config): string {
  return join(config.dataDirectory, "parts.json");
}

async function requirePort({ host, port }: Config): Promise<void> {
  const why = port === 0 ? null : await whyNotListen(port, host);
  if (why !== null) throw new OperatorError(`Port ${port} on ${host} ${why}.`);
}

/** Loaded only when there is a Redis of someone else's to look at. */
async function checkRedis(url: string): Promise<void> {
  const { requireRedis } = await import("../parts/redis-check.ts");
  await requireRedis(url);
}

async function chooseExchangePort({ mode, alpaca, exchange }: Config): Promise<number | null> {
  if (mode !== "mock" || alpaca.hostIsChosen) return null;
  const wanted = exchange.port;
  return wanted !== 0 && (await portIsFree(wanted)) ? wanted : freePort();
}

function runningParts({ parts }: Stage): { pid: number; identity: string }[] {
  return parts.flatMap((part) => part.current() ?? []);
}

function envPath(config: Config): string {
  return join(config.dataDirectory, "env");
}

async function takeDown({ config, parts, held }: Stage): Promise<void> {
  const isExchange = ({ name }: PartProcess): boolean => name === "exchange";
  await Promise.all(parts.filter((part) => !isExchange(part)).map((part) => part.stop()));
  await Promise.all(parts.filter(isExchange).map((part) => part.stop()));
  await held?.release();
  for (const path of [envPath(config), partsFile(config)]) rmSync(path, { force: true });
}
