// What nobody can decide: a signal whose row was damaged, and fills that the record refuses. Each
// is set aside, and everything else goes on.
import { Redis } from "ioredis";
import type { Fault, Scene } from "../fault.ts";
import { PARTITIONS } from "../house.ts";
import {
  countLetters,
  damageAWaitingSignal,
  findFrozen,
  readOpenOrders,
  refuseFillsOf,
  takeFillsAgain,
} from "../record.ts";
import { laneKey } from "../../../src/bus/keys.ts";
import { felt } from "./processes.ts";

const BURIED = "the signal became a dead letter";
const PARKED = "the fill was parked and its symbol frozen";

export const poisonSignal: Fault = {
  name: "a poison signal",
  paths: [BURIED],
  async strike(scene) {
    const { house } = scene;
    const before = await countLetters(house);
    await Promise.all(house.workers.map((worker) => worker.stop()));
    await felt(() => damageAWaitingSignal(house));
    await forget(scene);
    for (const worker of house.workers) worker.start();
    await Promise.all(house.workers.map((worker) => worker.ready()));
    await felt(async () => (await countLetters(house)) > before);
    scene.reached(BURIED);
    return 1;
  },
};

/** The stream has its own copy, from before the damage. */
async function forget({ house }: Scene): Promise<void> {
  const redis = new Redis(house.servers.redis.url);
  try {
    for (let partition = 0; partition < PARTITIONS; partition += 1) {
      await redis.del(laneKey("signals", partition));
    }
  } finally {
    redis.disconnect();
  }
}

export const poisonFill: Fault = {
  name: "a poison fill",
  paths: [PARKED],
  async strike(scene) {
    const { house, turn } = scene;
    const account = house.accounts[turn % house.accounts.length] ?? "";
    await refuseFillsOf(house, account);
    try {
      await felt(async () =>
        (await findFrozen(house)).some((frozen) => frozen.account === account),
      );
      scene.reached(PARKED);
    } finally {
      await takeFillsAgain(house);
    }
    await thaw(scene, account);
    return 1;
  },
};

/**
 * A fill that was refused last of all freezes its symbol only now; but its order is open until it is
 * booked, and so are all that wait.
 */
async function thaw(scene: Scene, account: string): Promise<void> {
  const { house } = scene;
  const waiting = new Set(await readOpenOrders(house, account));
  await felt(async () => {
    const frozen = await findFrozen(house);
    for (const place of frozen) {
      if (place.account !== account) throw new Error(`${place.account} ${place.symbol} is frozen`);
      await unfreeze(scene, place);
    }
    const open = await readOpenOrders(house, account);
    return frozen.length === 0 && !open.some((id) => waiting.has(id));
  });
}

/** A person has looked. */
async function unfreeze(
  { house }: Scene,
  { account, symbol }: { account: string; symbol: string },
): Promise<void> {
  const url = `http://127.0.0.1:${house.entrance.port}/api/v1/trading/reconciliation/unfreeze`;
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ account, symbol, reason: "the fill was looked at" }),
  });
  if (!answer.ok) throw new Error(`unfreezing ${symbol}: ${answer.status} ${await answer.text()}`);
}
