// One worker process: the engine on the real ports.
import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { createConsumer } from "../bus/consumer.ts";
import { createEventFeed, type EventFeed } from "../bus/event-feed.ts";
import type { Config } from "../config.ts";
import { deploymentName } from "../db/deployment.ts";
import {
  goReducing,
  makeRangesAhead,
  savePortfolioSnapshots,
  takeAwayOld,
} from "../db/maintenance.ts";
import type { PostgresStore } from "../db/postgres-store.ts";
import { pricedInstruments } from "../db/queries/priced-instruments.ts";
import { createLogger } from "../log.ts";
import type { Clock } from "../ports/clock.ts";
import type { FeedCursor } from "../ports/store.ts";
import { Engine } from "../worker/engine.ts";
import type { EngineOptions } from "../worker/engine-deps.ts";
import { feedPump } from "../worker/feed-pump.ts";
import { everySoOften, type DeploymentJob } from "../worker/job-host.ts";
import { openBrokerSide } from "./broker.ts";
import { BrokerTotals } from "./broker-totals.ts";
import { systemClock } from "./clock.ts";
import { openRouter } from "./router.ts";
import { inEnvironment, openStore } from "./store.ts";
import { tellLinks } from "./tell-links.ts";
import { openTracer } from "./tracer.ts";
import { logSink } from "./worker-sink.ts";

export async function startWorker(config: Config): Promise<{ stop(): Promise<void> }> {
  const log = createLogger("worker", config);
  const clock = systemClock(config.mock.clockOffsetMs);
  const owner = `${hostname()}-${process.pid}-${randomBytes(3).toString("hex")}`;
  const tracer = openTracer(config, "worker", { clock, log });
  const counts = new BrokerTotals();
  const store = await openStore(config, "worker", clock);
  const broker = await openBrokerSide({ config, store, clock, log });
  const record = inEnvironment(store.worker, config.mode);
  const deployment = await deploymentName(store.queries);
  const events = config.redisUrl === null ? null : createEventFeed(config.redisUrl);
  const router = await openRouter({
    ...{ config, store, deployment, configuration: record, clock, tracer },
  });
  const engine = await Engine.start({
    clock,
    sink: logSink(log, () => clock.monotonic(), counts),
    store: record,
    bus: config.redisUrl === null ? null : createConsumer(config.redisUrl, owner, deployment),
    marketData: broker.marketData,
    tracer,
    connect: broker.connect,
    jobs: [
      ...jobsOf({ store, clock, events }),
      ...broker.jobs,
      ...(router === null ? [] : [router.job]),
    ],
    pricedInstruments: () => pricedInstruments(store.queries),
    goReducing: (reason) => goReducing(store.queries, reason),
    wakeFeeds: () => undefined,
    options: optionsOf(config, owner),
  });
  const links = tellLinks({ engine, store, clock, counts }, (error) =>
    log.debug({ err: error }, "the state of the links could not be written"),
  );
  log.info({ owner }, "the worker runs");
  return {
    async stop() {
      await engine.stop();
      await links.stop();
      await broker.close();
      await router?.close();
      await events?.close();
      await store.close();
      await tracer?.close();
    },
  };
}

interface JobDeps {
  readonly store: PostgresStore;
  readonly clock: Clock;
  readonly events: EventFeed | null;
}

function jobsOf({ store, clock, events }: JobDeps): readonly DeploymentJob[] {
  const jobs = [
    everySoOften("ranges", 6 * 60 * 60_000, clock, () =>
      makeRangesAhead(store.queries, clock.now()),
    ),
    everySoOften("retention", 60 * 60_000, clock, async () => {
      while (await takeAwayOld(store.queries)) await clock.sleep(100);
    }),
    everySoOften("snapshots", 60_000, clock, () =>
      savePortfolioSnapshots(store.queries, clock.now()),
    ),
  ];
  if (events !== null) {
    const { feeds } = store;
    const read = (cursor: FeedCursor, limit: number) => feeds.readText(cursor, limit);
    jobs.push(feedPump({ feed: "redis", store: feeds, clock, read, deliver: events.deliver }));
  }
  return jobs;
}

function optionsOf(config: Config, owner: string): EngineOptions {
  return {
    owner,
    partitions: config.partitions,
    pollPricesEveryMs: config.pricesEveryMs,
    sweepEveryMs: 1_000,
    sweepAloneEveryMs: 20,
    drainTimeoutMs: 4_000,
    requestsPerMinute: config.alpaca.requestsPerMinute,
    callTimeoutMs: 3_000,
    maxConcurrentCalls: 64,
    reconcileEveryMs: config.reconcileEveryMs,
  };
}
