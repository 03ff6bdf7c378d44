// Publishes accepted rows. Every failure is survivable: the row is committed, and the worker's sweep
// finds by its number what never arrived here. What was accepted by one commit is published in one
// write, before its answers leave. Nothing is worth keeping: what Redis does not take within its time, or
// beyond a bound, is given up and told.
import type { BusMessage, BusProducer, BusStatus } from "../ports/bus.ts";
import { connect, hangUp, sent } from "./connect.ts";
import { FIELD, laneKey } from "./keys.ts";
import { sealOf } from "./seal.ts";

/** Written and not answered, in characters: some seconds of the busiest stream, and no danger to memory. */
const MAX_UNANSWERED = 16 * 1024 * 1024;
/** Of an entry beside its body, roughly. */
const ENVELOPE = 250;

export function createProducer(url: string, deployment: string): BusProducer {
  const seal = sealOf(deployment);
  const { redis, lastError } = connect(url, "producer");
  let waiting: BusMessage[] = [];
  let flushing: Promise<void> | null = null;
  let unanswered = 0;
  /** Why the last messages were given up; null once some have arrived. */
  let failure: string | null = null;
  redis.on("ready", () => (failure = null));

  async function flush(): Promise<void> {
    // Everybody whom one commit answered has called by then, and none of the answers has left: they can wait.
    await Promise.resolve();
    const messages = waiting;
    waiting = [];
    flushing = null;
    try {
      await write(messages);
      failure = null;
    } catch (error: unknown) {
      failure = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      unanswered -= sizeOf(messages);
    }
  }

  async function write(messages: readonly BusMessage[]): Promise<void> {
    const pipeline = redis.pipeline();
    for (const message of messages) {
      const { lane, partition, number, body } = message;
      const fields = [FIELD.number, number, FIELD.body, body, FIELD.seal, seal(message)];
      pipeline.xadd(laneKey(lane, partition), "*", ...fields);
    }
    await sent(pipeline);
  }

  return {
    async publish(messages: readonly BusMessage[]): Promise<void> {
      if (redis.status !== "ready") return;
      const size = sizeOf(messages);
      if (unanswered + size > MAX_UNANSWERED) {
        failure = "Redis does not keep up: what comes beyond a bound is left to the sweep";
        throw new Error(failure);
      }
      unanswered += size;
      waiting.push(...messages);
      await (flushing ??= flush());
    },
    status: (): BusStatus => ({
      connected: redis.status === "ready" && failure === null,
      lastError: failure ?? lastError(),
    }),
    async close(): Promise<void> {
      hangUp(redis);
    },
  };
}

function sizeOf(messages: readonly BusMessage[]): number {
  return messages.reduce((sum, { body }) => sum + body.length + ENVELOPE, 0);
}
