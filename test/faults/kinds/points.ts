// kill -9 of a worker at the instants that matter, found in what it sends and is sent: the proxy that
// sees the bytes kills it before it passes them on, or instead.
import { once } from "node:events";
import type { Watch } from "../../support/tcp-proxy.ts";
import type { Fault } from "../fault.ts";
import type { Part, Ways } from "../part.ts";
import { readEpochs } from "../record.ts";
import { bothHold, TAKEN_OVER, takenOver, workerOf } from "./processes.ts";

const INTENT = "OrderSubmitted";
const RESULT = "OrderAccepted";
const SEND = "POST /v2/orders";
/** ReadyForQuery outside a transaction: what was asked before it is durable. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

export const deathAfterTheRead = deathAt("kill -9 after the read, before the intent's commit", {
  on: "postgres",
  watch: (die) => (chunk, from) => !(from === "client" && chunk.includes(INTENT) && die()),
});

export const deathAfterTheIntent = deathAt("kill -9 after the intent's commit", {
  on: "postgres",
  watch: (die) => afterTheCommitOf(INTENT, die),
});

export const deathAfterTheSend = deathAt("kill -9 after the broker's send", {
  on: "exchange",
  watch: (die) => {
    const sent = new Set<number>();
    return (chunk, from, connection) => {
      if (from === "client" && chunk.includes(SEND)) sent.add(connection);
      // The exchange has it; its answer is not passed on.
      return !(from === "server" && sent.has(connection) && die());
    };
  },
});

export const deathAfterTheReply = deathAt("kill -9 after the broker's reply", {
  on: "postgres",
  watch: (die) => (chunk, from) => !(from === "client" && chunk.includes(RESULT) && die()),
});

export const deathAfterTheResult = deathAt("kill -9 after the result's commit", {
  on: "postgres",
  watch: (die) => afterTheCommitOf(RESULT, die),
});

function afterTheCommitOf(word: string, die: () => boolean): Watch {
  const asked = new Set<number>();
  return (chunk, from, connection) => {
    if (from === "client" && chunk.includes(word)) asked.add(connection);
    if (from === "client" || !asked.has(connection)) return true;
    return !(chunk.subarray(-READY.length).equals(READY) && die());
  };
}

interface Point {
  readonly on: keyof Ways;
  /** The watch for it; `die` kills the worker, once, and says that it is dead. */
  readonly watch: (die: () => boolean) => Watch;
}

function deathAt(name: string, { on, watch }: Point): Fault {
  return {
    name,
    paths: [TAKEN_OVER],
    async strike(scene) {
      const { house, wanted } = scene;
      // The last two at once: then nobody is there to take over, and each finds what the others left.
      const dying = wanted === 2 ? house.workers : [workerOf(scene)];
      await bothHold(scene);
      const before = await readEpochs(house);
      await Promise.all(dying.map((worker) => diedAt(worker, { on, watch })));
      if (dying.length > 1) for (const worker of dying) worker.start();
      await takenOver(scene, before);
      for (const worker of dying) if (!worker.isRunning) worker.start();
      await Promise.all(dying.map((worker) => worker.ready()));
      return dying.length;
    },
  };
}

async function diedAt(worker: Part, { on, watch }: Point): Promise<void> {
  const way = worker.ways[on];
  const struck = new EventTarget();
  const dead = once(struck, "dead", { signal: AbortSignal.timeout(60_000) });
  way.watch(
    watch(() => {
      worker.kill();
      struck.dispatchEvent(new Event("dead"));
      return true;
    }),
  );
  try {
    await dead;
  } finally {
    way.watch(null);
  }
  await worker.gone();
}
