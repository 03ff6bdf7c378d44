// Processes of ours that die or stand still.
import { until } from "../../support/fillstream.ts";
import { LONGER_THAN_A_LEASE_MS, type Fault, type Scene } from "../fault.ts";
import { countHolders, readEpochs } from "../record.ts";
import type { Part } from "../part.ts";

export const TAKEN_OVER = "another worker took the partitions over";
const WOKE_UP = "a worker woke up after its leases had gone, and went on";

export const workerDies: Fault = {
  name: "kill -9 of one of two workers",
  paths: [TAKEN_OVER],
  async strike(scene) {
    await bothHold(scene);
    const worker = workerOf(scene);
    const before = await readEpochs(scene.house);
    worker.kill();
    await worker.gone();
    await takenOver(scene, before);
    worker.start();
    await worker.ready();
    return 1;
  },
};

export const workerStandsStill: Fault = {
  name: "SIGSTOP of a worker, longer than a lease",
  paths: [TAKEN_OVER, WOKE_UP],
  async strike(scene) {
    await bothHold(scene);
    const worker = workerOf(scene);
    const before = await readEpochs(scene.house);
    const { pid } = worker;
    await worker.standStill(LONGER_THAN_A_LEASE_MS);
    await takenOver(scene, before);
    if (worker.isRunning && worker.pid === pid) scene.reached(WOKE_UP);
    return 1;
  },
};

export const apiDies: Fault = {
  name: "kill -9 of the API",
  async strike({ house, bots }) {
    const before = bots.retries;
    house.api.kill();
    await house.api.gone();
    await felt(() => bots.retries > before);
    house.api.start();
    await house.api.ready();
    return 1;
  },
};

export const apiStandsStill: Fault = {
  name: "SIGSTOP of the API, longer than a lease",
  async strike({ house, bots }) {
    const before = bots.retries;
    await house.api.standStill(LONGER_THAN_A_LEASE_MS);
    return bots.retries > before ? 1 : 0;
  },
};

export function workerOf({ house, turn }: Scene): Part {
  return house.workers[turn % 2 === 0 ? 0 : 1];
}

/** A fault that nobody noticed proves nothing. */
export async function felt(noticed: () => boolean | Promise<boolean>): Promise<void> {
  await until(noticed, () => "nobody noticed the fault", 60_000);
}

/** Nobody would miss a worker that has just come and holds nothing yet. */
export async function bothHold({ house }: Scene): Promise<void> {
  await felt(async () => (await countHolders(house)) === house.workers.length);
}

export async function takenOver(scene: Scene, before: number): Promise<void> {
  await felt(async () => (await readEpochs(scene.house)) > before);
  scene.reached(TAKEN_OVER);
}
