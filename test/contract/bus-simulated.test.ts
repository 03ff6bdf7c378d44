// The simulation's stream in memory keeps the contract that Redis keeps. Nothing goes wrong here, and its
// clock moves as far as what was begun needs.
import { describe } from "vitest";
import { Faults } from "../simulation/faults.ts";
import { SimProcess } from "../simulation/process.ts";
import { Random } from "../simulation/random.ts";
import { Scheduler } from "../simulation/scheduler.ts";
import { createSimConsumer, createSimProducer, SimStream } from "../simulation/sim-bus.ts";
import { busContract, type MakeBus } from "./bus-contract.ts";

const makeBus: MakeBus = () => {
  const scheduler = new Scheduler();
  const faults = Faults.none(new Random(1));
  const stream = new SimStream(scheduler, faults);
  const processOf = (name: string) => new SimProcess(name, scheduler, faults);
  return Promise.resolve({
    producer: createSimProducer(processOf("sender"), stream),
    consumer: (name) => Promise.resolve(createSimConsumer(processOf(name), stream, scheduler)),
    flush: () => Promise.resolve(stream.flush()),
    held: (partition) => Promise.resolve(stream.lengthOf(partition)),
    async settle(work) {
      let isOver = false;
      const over = () => {
        isOver = true;
      };
      work.then(over, over);
      while (!isOver && (await scheduler.step()));
      return work;
    },
    close: () => Promise.resolve(),
  });
};

describe("the bus of the simulation", () => busContract(makeBus));
