// A fact of the broker that the record refuses, for as long as it is told: by the stream, by every view,
// by the answer of a call. It is set aside and told once, its symbol is frozen, and the rest goes on.
import { describe, expect, it } from "vitest";
import { asId } from "../../src/domain/ids.ts";
import type { DomainEvent, EventOf, LoggedEvent } from "../../src/domain/event.ts";
import { assemble } from "./assemble.ts";
import { NO_BUGS } from "./bugs.ts";
import { SimWorker, type Deployment } from "./deployment.ts";
import { Faults, type FaultKind } from "./faults.ts";
import { Random } from "./random.ts";
import { Workload } from "./workload.ts";
import { ACCOUNTS } from "./world.ts";

const SETTLED_MS = 15_000;
const END_MS = 180_000;
const SIGNALS = 12;
/** So few that reading the account in a loop would leave none for orders. */
const REQUESTS_PER_MINUTE = 200;

const [ACCOUNT] = ACCOUNTS;
if (ACCOUNT === undefined) throw new Error("an empty world");
const { id: ACCOUNT_ID } = ACCOUNT;

interface Told {
  readonly log: readonly LoggedEvent[];
  readonly poison: readonly string[];
  readonly refusals: number;
}

/** A deployment whose record refuses some events, under a light load of one account. */
async function live(
  refuses: (event: DomainEvent, deployment: Deployment) => boolean,
  loses: (fault: FaultKind, where: string) => boolean = () => false,
  meanwhile: (workload: Workload, deployment: Deployment) => void = () => undefined,
): Promise<Told> {
  const faults = Faults.none(new Random(3));
  faults.happens = loses;
  const poison: string[] = [];
  const deployment = assemble({
    ...{ faults, bugs: NO_BUGS, executionIds: "same", requestsPerMinute: REQUESTS_PER_MINUTE },
    trace: (line) => {
      if (line.includes("alarm poison") && line.includes(ACCOUNT_ID)) poison.push(line);
    },
  });
  const { database, scheduler } = deployment;
  const commit = database.commit.bind(database);
  let refusals = 0;
  database.commit = (parts) => {
    const events = parts.flatMap((part) => part.events);
    if (events.some(({ event }) => refuses(event, deployment))) {
      refusals += 1;
      throw new Error("a constraint of the record");
    }
    return commit(parts);
  };
  const worker = new SimWorker("w1", deployment);
  await scheduler.run(SETTLED_MS, () => undefined);
  const workload = new Workload(deployment);
  for (let index = 0; index < SIGNALS; index += 1) {
    scheduler.at(SETTLED_MS + index * 2_000, () => void workload.post(ACCOUNT_ID));
  }
  meanwhile(workload, deployment);
  await scheduler.run(END_MS, () => undefined);
  worker.kill();
  const log = database.partitions.flatMap((rows) => rows.log);
  return { log: log.filter(({ accountId }) => accountId === ACCOUNT_ID), poison, refusals };
}

function eventsOf<Type extends DomainEvent["type"]>({ log }: Told, type: Type): EventOf<Type>[] {
  return log.flatMap(({ event }) => (event.type === type ? [event as EventOf<Type>] : []));
}

/** The fill of the first order that is filled at once: one fact, whoever tells of it. */
function firstFill(): (event: DomainEvent, deployment: Deployment) => boolean {
  let orderId: string | null = null;
  return (event, { database }) => {
    if (event.type !== "OrderExecuted") return false;
    const asked = database.orders.get(event.orderId)?.terms.quantity ?? null;
    if (asked?.eq(event.execution.quantity) === true) orderId ??= event.orderId;
    return event.orderId === orderId;
  };
}

describe("a fact that the record refuses", () => {
  for (const [how, loses] of [
    ["told by the stream and by every view", () => false],
    [
      "told by the views alone",
      (fault: FaultKind, where: string) => fault === "message lost" && where === "broker stream",
    ],
  ] as const) {
    it(`is set aside once, ${how}, and the account goes on`, async () => {
      const told = await live(firstFill(), loses);
      expect(eventsOf(told, "BrokerFactParked")).toHaveLength(1);
      expect(told.poison).toHaveLength(1);
      expect(eventsOf(told, "SymbolFrozen")).toHaveLength(1);
      // The account is seen as often as before.
      expect(eventsOf(told, "AccountObserved").length).toBeGreaterThan(20);
      expect(eventsOf(told, "SignalDecided")).toHaveLength(SIGNALS);
      const held = eventsOf(told, "OrderHeld").map(({ reason }) => reason);
      expect(held).not.toContain("rate_budget");
    });
  }

  it("freezes its symbol also when it is the answer of a call", async () => {
    let orderId: string | null = null;
    const told = await live((event) => {
      if (event.type !== "OrderAccepted") return false;
      orderId ??= event.orderId;
      return event.orderId === orderId;
    });
    expect(eventsOf(told, "SymbolFrozen")).toHaveLength(1);
    const raws = eventsOf(told, "BrokerFactParked").map(({ raw }) => raw);
    expect(new Set(raws).size).toBe(raws.length);
    expect(told.poison).toHaveLength(raws.length);
    expect(told.refusals).toBeLessThan(100);
    expect(eventsOf(told, "AccountObserved").length).toBeGreaterThan(15);
  });

  it("is tried again when a person has freed its symbol", async () => {
    let filled: EventOf<"OrderExecuted"> | undefined;
    const isFirst = firstFill();
    const told = await live(
      (event, deployment) => {
        if (event.type !== "OrderExecuted" || !isFirst(event, deployment)) return false;
        filled ??= event;
        return deployment.scheduler.now < 60_000;
      },
      () => false,
      (workload, { scheduler, database }) => {
        scheduler.at(70_000, () => {
          const order = database.orders.get(filled?.orderId ?? asId("none"));
          if (order === undefined) throw new Error("no order has filled");
          const { instrumentId } = order;
          const request = { kind: "unfreeze_symbol", instrumentId, reason: "mended" } as const;
          void workload.command(ACCOUNT_ID, request);
        });
      },
    );
    expect(eventsOf(told, "SymbolUnfrozen")).toHaveLength(1);
    expect(told.poison).toHaveLength(1);
    const booked = eventsOf(told, "OrderExecuted").map(({ orderId }) => orderId);
    expect(booked).toContain(filled?.orderId);
    expect(eventsOf(told, "PositionAdjusted")).toEqual([]);
  });

  it("is told once when a view as a whole is refused, and again after one was taken", async () => {
    const bad = [
      { from: 30_000, until: 80_000 },
      { from: 120_000, until: END_MS },
    ];
    const told = await live((event, { scheduler }) => {
      const { now } = scheduler;
      const isBad = bad.some(({ from, until }) => now >= from && now < until);
      return event.type === "AccountObserved" && isBad;
    });
    expect(told.poison).toHaveLength(2);
    expect(eventsOf(told, "BrokerFactParked")).toHaveLength(2);
    const held = eventsOf(told, "OrderHeld").map(({ reason }) => reason);
    expect(held).not.toContain("rate_budget");
  });
});
