// Publishes accepted rows. Every failure is survivable: the row is committed, and the worker's sweep
// finds by its number what never arrived here.
import type { BusMessage, BusProducer, BusStatus } from "../ports/bus.ts";
import { connect, hangUp } from "./connect.ts";
import { FIELD, laneKey } from "./keys.ts";

export function createProducer(url: string): BusProducer {
  const { redis, lastError } = connect(url, "producer");
  return {
    async publish(messages: readonly BusMessage[]): Promise<void> {
      if (redis.status !== "ready") return;
      const pipeline = redis.pipeline();
      for (const { lane, partition, number, body } of messages) {
        pipeline.xadd(laneKey(lane, partition), "*", FIELD.number, number, FIELD.body, body);
      }
      await pipeline.exec();
    },
    status: (): BusStatus => ({ connected: redis.status === "ready", lastError: lastError() }),
    async close(): Promise<void> {
      hangUp(redis);
    },
  };
}
