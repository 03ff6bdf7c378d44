// A trading day in fast-forward: the session of the calendar, fifty symbols, orders of every kind, and a
// broker that misbehaves all along. In stretches of half an hour; after each the stream is broken, and
// once Fillstream has found its way back the books of both sides are compared.
import { SimProcess, EPOCH } from "../process.ts";
import { Faults } from "../faults.ts";
import { Random } from "../random.ts";
import { Scheduler } from "../scheduler.ts";
import type { ActivityIds } from "../../../src/exchange/settings.ts";
import { differences } from "./books.ts";
import { BELL, Desk } from "./desk.ts";
import { ACCOUNTS, openHouse, type House } from "./house.ts";
import { Pipes } from "./pipes.ts";
import { beginTrouble, breakStreams, BREAKS, endTrouble } from "./trouble.ts";
import { openVenue, type Venue } from "./venue.ts";

export interface DayOptions {
  readonly seed: number;
  /** Things that are asked for over the day: signals, and commands among them. */
  readonly requests: number;
  readonly activityIds: ActivityIds;
  readonly replaceCarriesFills?: boolean;
  /** Half hours; a whole day when left out. */
  readonly stretches?: number;
  readonly trace?: (line: string) => void;
}

export interface DayResult {
  readonly problems: readonly string[];
  /** Orders that the exchange took, by what they were. */
  readonly kinds: ReadonlyMap<string, number>;
  readonly orders: number;
  readonly executions: number;
  readonly comparisons: number;
  /** How often each kind of fault struck. */
  readonly faults: ReadonlyMap<string, number>;
  readonly counts: ReadonlyMap<string, number>;
  readonly fingerprint: string;
}

const MINUTE_MS = 60_000;
const STRETCH_MS = 30 * MINUTE_MS;
/** Half an hour before the bell, so that some orders wait for it, and others are given for the auction. */
const BEGIN = BELL - STRETCH_MS;
/** Half an hour before the session, 390 minutes of it, and half an hour after it. */
const STRETCHES = 15;
/** Nothing new is asked for while both sides settle, nor after the bell. */
const SETTLE_MS = 5 * MINUTE_MS;
const LOOK_MS = 5_000;
/** Books are not compared at the instant at which prices move and orders fill. */
const OFF_TICK_MS = 2_000;

export async function liveThroughDay(options: DayOptions): Promise<DayResult> {
  const day = await Day.open(options);
  try {
    return await day.run();
  } finally {
    await day.close();
  }
}

class Day {
  readonly #options: DayOptions;
  readonly #scheduler: Scheduler;
  readonly #pipes: Pipes;
  readonly #venue: Venue;
  readonly #house: House;
  readonly #problems: string[] = [];
  readonly #faults = new Map<string, number>();
  #comparisons = 0;

  private constructor(
    options: DayOptions,
    parts: { scheduler: Scheduler; pipes: Pipes; venue: Venue; house: House },
  ) {
    this.#options = options;
    this.#scheduler = parts.scheduler;
    this.#pipes = parts.pipes;
    this.#venue = parts.venue;
    this.#house = parts.house;
  }

  static async open(options: DayOptions): Promise<Day> {
    const scheduler = new Scheduler();
    const pipes = new Pipes();
    const random = new Random(options.seed);
    const process = new SimProcess("day", scheduler, Faults.none(random));
    process.skewMs = BEGIN - EPOCH;
    const { seed, activityIds, replaceCarriesFills = false, trace = () => undefined } = options;
    const common = { scheduler, pipes, clock: process.clock() };
    const venue = await openVenue({
      ...common,
      ...{ seed, activityIds, replaceCarriesFills, accounts: ACCOUNTS },
    });
    const say = (line: string) => trace(`${clockText(process)} ${line}`);
    const opening = openHouse({ scheduler, random, process, venue, trace: say });
    venue.running.exchange.listen(({ event, order, execution }) => {
      const { id, clientOrderId, status, replaces, groupId } = order;
      say(
        `exchange: ${JSON.stringify({ event, id, clientOrderId, status, replaces, groupId, execution })}`,
      );
    });
    const house = await settled(opening, () => forward(scheduler, pipes, scheduler.now + 1));
    return new Day(options, { scheduler, pipes, venue, house });
  }

  async run(): Promise<DayResult> {
    await this.#until(this.#scheduler.now + MINUTE_MS);
    const desk = new Desk(this.#house, this.#venue, new Random(this.#options.seed + 1));
    for (let stretch = 0; stretch < (this.#options.stretches ?? STRETCHES); stretch += 1)
      await this.#stretch(desk, stretch);
    return this.#result();
  }

  async #stretch(desk: Desk, stretch: number): Promise<void> {
    const begin = stretch * STRETCH_MS + MINUTE_MS;
    const end = begin - MINUTE_MS + STRETCH_MS;
    const isAfterTheBell = stretch === STRETCHES - 1;
    await beginTrouble(this.#venue);
    if (!isAfterTheBell) this.#schedule(desk, begin, end - SETTLE_MS);
    await this.#until(end - SETTLE_MS + OFF_TICK_MS);
    await this.#breakAndCompare(BREAKS[stretch % BREAKS.length] ?? "cut", end);
  }

  #schedule(desk: Desk, from: number, to: number): void {
    const random = new Random(this.#options.seed + from);
    const share = Math.ceil(this.#options.requests / (STRETCHES - 2));
    // Before the bell half of it only waits.
    const count = from < STRETCH_MS ? Math.ceil(share / 3) : share;
    for (let index = 0; index < count; index += 1) {
      this.#scheduler.at(random.between(from, to), () => desk.act());
    }
  }

  /** The faults end with the stream's break, so that what was lost can be found again. */
  async #breakAndCompare(how: (typeof BREAKS)[number], end: number): Promise<void> {
    await breakStreams(this.#venue, how, (ms) => this.#until(this.#scheduler.now + ms));
    for (const [kind, times] of await endTrouble(this.#venue)) {
      this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + times);
    }
    while (this.#scheduler.now + LOOK_MS < end) {
      await this.#until(this.#scheduler.now + LOOK_MS);
      if (isQuiet(this.#house) && differences(this.#house, this.#venue).length === 0) break;
    }
    this.#comparisons += 1;
    const where = clockText(this.#house.process);
    this.#problems.push(
      ...differences(this.#house, this.#venue).map((problem) => `${where} (${how}) ${problem}`),
    );
    await this.#until(end);
  }

  #until(instant: number): Promise<void> {
    return forward(this.#scheduler, this.#pipes, instant);
  }

  #result(): DayResult {
    const { world } = this.#venue.running.exchange.engine;
    const orders = [...world.orders.all()];
    const kinds = new Map<string, number>();
    for (const { orderClass, type, timeInForce } of orders) {
      const kind = `${orderClass} ${type} ${timeInForce}`;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    return {
      problems: [...this.#problems, ...this.#house.complaints],
      kinds,
      orders: orders.length,
      executions: world.executions.size,
      comparisons: this.#comparisons,
      faults: this.#faults,
      counts: this.#house.counts,
      fingerprint: fingerprintOf(this.#house, orders),
    };
  }

  async close(): Promise<void> {
    await settled(this.#house.engine.stop(), () => this.#until(this.#scheduler.now + 1));
    await this.#venue.running.stop();
  }
}

/** Until an instant, event by event, each once everything on the wires has arrived. */
async function forward(scheduler: Scheduler, pipes: Pipes, until: number): Promise<void> {
  await pipes.quiet();
  await scheduler.run(
    until,
    () => undefined,
    () => false,
    () => pipes.quiet(),
  );
}

/** A promise that needs time to go on, given as much as it needs. */
async function settled<Result>(promise: Promise<Result>, on: () => Promise<void>): Promise<Result> {
  let done = false;
  const finish = () => {
    done = true;
  };
  promise.then(finish, finish);
  while (!done) await on();
  return promise;
}

function isQuiet({ database }: House): boolean {
  return (
    database.isAllDecided &&
    [...database.orders.values()].every(
      ({ status, unresolved, pendingAction }) =>
        status !== "submitted" && unresolved === null && pendingAction === null,
    )
  );
}

const clockText = (process: SimProcess): string =>
  new Date(process.clock().now()).toISOString().slice(11, 23);

function fingerprintOf(
  { database }: House,
  orders: readonly { readonly id: string; readonly status: string }[],
): string {
  const logs = database.partitions.map(({ log }) =>
    log.map(({ event, at }) => `${at}${event.type}`).join(),
  );
  return `${logs.join(";")}|${orders.map(({ id, status }) => id + status).join()}`;
}
