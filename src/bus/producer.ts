// Publishes accepted rows. Every failure is survivable: the row is committed, and the worker's sweep
// finds by its number what never arrived here. What was accepted by one commit is published in one
// write, after its answers have left.
import type { BusMessage, BusProducer, BusStatus } from "../ports/bus.ts";
import { connect, hangUp } from "./connect.ts";
import { FIELD, laneKey } from "./keys.ts";

export function createProducer(url: string): BusProducer {
  const { redis, lastError } = connect(url, "producer");
  let waiting: BusMessage[] = [];
  let flushing: Promise<void> | null = null;

  async function flush(): Promise<void> {
    // The end of the turn: everybody whom one commit answered has called by then.
    await new Promise((resolve) => setImmediate(resolve));
    const messages = waiting;
    waiting = [];
    flushing = null;
    const pipeline = redis.pipeline();
    for (const { lane, partition, number, body } of messages) {
      pipeline.xadd(laneKey(lane, partition), "*", FIELD.number, number, FIELD.body, body);
    }
    await pipeline.exec();
  }

  return {
    publish(messages: readonly BusMessage[]): Promise<void> {
      if (redis.status !== "ready") return Promise.resolve();
      waiting.push(...messages);
      return (flushing ??= flush());
    },
    status: (): BusStatus => ({ connected: redis.status === "ready", lastError: lastError() }),
    async close(): Promise<void> {
      hangUp(redis);
    },
  };
}
