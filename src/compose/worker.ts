// One worker process: the engine on the real ports.
import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { createConsumer } from "../bus/consumer.ts";
import type { Config } from "../config.ts";
import { pricedInstruments } from "../db/queries/priced-instruments.ts";
import { createLogger } from "../log.ts";
import { Engine, type EngineOptions } from "../worker/engine.ts";
import { openBrokerSide } from "./broker.ts";
import { systemClock } from "./clock.ts";
import { inEnvironment, openStore } from "./store.ts";
import { logSink } from "./worker-sink.ts";

export async function startWorker(config: Config): Promise<{ stop(): Promise<void> }> {
  const log = createLogger("worker", config);
  const clock = systemClock(config.mock.clockOffsetMs);
  const owner = `${hostname()}-${process.pid}-${randomBytes(3).toString("hex")}`;
  const store = await openStore(config, "worker", clock);
  const { marketData, connect } = await openBrokerSide({ config, store, clock, log });
  const engine = await Engine.start({
    clock,
    sink: logSink(log, () => clock.monotonic(), { record: () => undefined }),
    store: inEnvironment(store.worker, config.mode),
    bus: config.redisUrl === null ? null : createConsumer(config.redisUrl, owner),
    marketData,
    connect,
    pricedInstruments: () => pricedInstruments(store.queries),
    wakeFeeds: () => undefined,
    options: optionsOf(config, owner),
  });
  log.info({ owner }, "the worker runs");
  return {
    async stop() {
      await engine.stop();
      await store.close();
    },
  };
}

function optionsOf(config: Config, owner: string): EngineOptions {
  return {
    owner,
    partitions: config.partitions,
    pollPricesEveryMs: 5_000,
    sweepEveryMs: 1_000,
    sweepAloneEveryMs: 20,
    drainTimeoutMs: 4_000,
    requestsPerMinute: 200,
    callTimeoutMs: 3_000,
    maxConcurrentCalls: 64,
    reconcileEveryMs: 60_000,
  };
}
