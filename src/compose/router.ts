// The public stream's router on the real ports, where it is switched on.
import { randomFillSync } from "node:crypto";
import { Admission } from "../app/admission.ts";
import { Directory, venuesOf } from "../app/directory.ts";
import { InProgress } from "../app/in-progress.ts";
import { LOCAL_SENDER, type Sender } from "../app/sender.ts";
import { timeOrderedIds } from "../app/time-ordered-ids.ts";
import { createProducer } from "../bus/producer.ts";
import { createPublicEntrance } from "../bus/public-entrance.ts";
import type { Config } from "../config.ts";
import { saveDeadLetters } from "../db/dead-letters.ts";
import type { PostgresStore } from "../db/postgres-store.ts";
import { Decimal } from "../domain/decimal.ts";
import type { Clock } from "../ports/clock.ts";
import type { ConfigurationStore } from "../ports/store.ts";
import type { Tracer } from "../ports/tracing.ts";
import type { DeploymentJob } from "../worker/job-host.ts";
import { publicRouter } from "../worker/router.ts";
import { stockVenueOf } from "./home.ts";
import { measuresOf } from "./measures.ts";

export interface Router {
  readonly job: DeploymentJob;
  close(): Promise<void>;
}

export interface RouterParts {
  readonly config: Config;
  readonly store: PostgresStore;
  /** Its name, which seals what is published. */
  readonly deployment: string;
  readonly configuration: ConfigurationStore;
  readonly clock: Clock;
  readonly tracer: Tracer | null;
}

export async function openRouter(parts: RouterParts): Promise<Router | null> {
  const { config, store, deployment, configuration, clock, tracer } = parts;
  if (config.redisUrl === null || !config.streamSignals.isOn) return null;
  const directory = await Directory.read(configuration, venuesOf(stockVenueOf(config)));
  const entrance = createPublicEntrance(config.redisUrl);
  const bus = createProducer(config.redisUrl, deployment);
  const ids = timeOrderedIds(
    () => clock.now(),
    (bytes) => randomFillSync(bytes),
  );
  const job = publicRouter({
    entrance,
    directory,
    sender: streamSender(config),
    accepting: {
      ...{ store: store.acceptance, bus, clock, ids, tracer },
      partitions: config.partitions,
      admission: new Admission(),
      inProgress: new InProgress(clock),
    },
    measures: () => measuresOf(store, clock),
    refreshDirectory: () => directory.refresh(configuration),
    saveLetters: (letters) =>
      saveDeadLetters(
        store.queries,
        "trade_signals",
        letters.map(({ entry, code, reason }) => ({
          ...{ id: ids.next(), entry: entry.entryId, body: entry.body ?? entry.raw },
          ...{ code, reason },
        })),
      ),
  });
  return {
    job,
    async close() {
      await entrance.close();
      await bus.close();
    },
  };
}

function streamSender({ streamSignals }: Config): Sender {
  const { maxNotional } = streamSignals;
  const cap = maxNotional === null ? null : Decimal.of(maxNotional);
  return { ...LOCAL_SENDER, actor: "stream", role: "trader", maxNotional: cap };
}
