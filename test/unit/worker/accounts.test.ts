// An account's broker side lets go for good: what was under way when it stopped begins nothing anew.
import { expect, it } from "vitest";
import type { Instrument } from "../../../src/domain/instrument.ts";
import { asId, type BrokerReference, type OrderId } from "../../../src/domain/ids.ts";
import { AccountRuntime } from "../../../src/worker/accounts.ts";
import {
  BrokerRateLimited,
  BrokerUnavailable,
  type BrokerAccountPort,
} from "../../../src/ports/broker.ts";
import type { WorkerSink } from "../../../src/worker/sink.ts";
import { TRAITS } from "../../simulation/sim-broker-port.ts";
import { ACCOUNTS, INSTRUMENTS } from "../../simulation/world.ts";
import { ManualClock, settle } from "../../support/manual-clock.ts";
import { onePage } from "../../support/pages.ts";

const [ACCOUNT] = ACCOUNTS;
const [INSTRUMENT] = INSTRUMENTS;
/** As many failures as open a circuit, and more. */
const LOOKUPS = 6;
/** How long the broker takes to say that it is not there. */
const ANSWER_MS = 50;

/** A broker that is away, and counts how often it is asked for its account. */
function awayBroker(clock: ManualClock, failure: Error = new BrokerUnavailable("away")) {
  const asked = { account: 0, aborted: 0 };
  const away = async (): Promise<never> => {
    await clock.sleep(ANSWER_MS);
    throw failure;
  };
  const lost = () => Promise.resolve({ result: "unavailable", cause: "away" } as const);
  const port = {
    accountId: asId("north"),
    traits: TRAITS,
    rateBudget: () => null,
    findByReference: lost,
    findById: lost,
    account: ({ signal }: { readonly signal: AbortSignal }) => {
      asked.account += 1;
      signal.addEventListener("abort", () => (asked.aborted += 1));
      return away();
    },
    openOrders: away,
    time: () => Promise.resolve(null),
    positions: away,
    executionsSince: () => onePage(away()),
    activitiesSince: away,
    ordersSince: away,
    listen: () => ({ lastHeardAt: () => null, close: () => Promise.resolve() }),
  } as unknown as BrokerAccountPort; // nothing else of it is asked for
  return { port, asked };
}

function open(clock: ManualClock, failure?: Error) {
  if (ACCOUNT === undefined) throw new Error("a world without accounts");
  const { port, asked } = awayBroker(clock, failure);
  const ups: boolean[] = [];
  const sink = {
    reachability: (_: unknown, up: boolean) => ups.push(up),
    brokerCall: () => undefined,
    session: () => undefined,
    alarm: () => undefined,
  } as unknown as WorkerSink; // nothing else of it is told
  const runtime = new AccountRuntime(ACCOUNT, port, {
    ...{ clock, sink, tracer: null },
    options: {
      ...{ requestsPerMinute: 1_000, callTimeoutMs: 3_000, maxConcurrentCalls: 8 },
      reconcileEveryMs: 10_000_000,
    },
    instrument: (): Instrument | undefined => INSTRUMENT,
    ...{ leaseRemainingMs: () => 6_000, book: () => null, logSeq: () => 0 },
    settled: () => Promise.resolve([]),
    offer: () => undefined,
  });
  return { runtime, asked, ups };
}

/** Until the circuit is open: from then on the account probes by itself. */
async function lose(runtime: AccountRuntime): Promise<void> {
  if (INSTRUMENT === undefined) throw new Error("a world without instruments");
  runtime.start();
  for (let n = 0; n < LOOKUPS; n += 1) {
    const orderId = asId<OrderId>(`o${n}`);
    const reference = asId<BrokerReference>(`r${n}`);
    const { id: instrumentId } = INSTRUMENT;
    const lookup = {
      kind: "lookup",
      orderId,
      instrumentId,
      brokerOrderId: null,
      reference,
    } as const;
    runtime.dispatch(lookup, null);
  }
  await settle();
}

it("an account whose broker is away asks for it until it is stopped", async () => {
  const clock = new ManualClock();
  const { runtime, asked, ups } = open(clock);
  await lose(runtime);
  await clock.advance(60_000);
  expect(ups).toEqual([false]);
  expect(asked.account).toBeGreaterThan(5);
  await runtime.stop();
});

it("a broker that says that it is asked too often is there, and is left alone until it says", async () => {
  const clock = new ManualClock();
  const { runtime, asked, ups } = open(
    clock,
    new BrokerRateLimited("account", clock.now() + 9_000),
  );
  await lose(runtime);
  await clock.advance(2_000);
  expect([ups, asked.account]).toEqual([[false, true], 1]);
  expect(runtime.budget.forUrgent(clock.now())).toBe(0);
  await runtime.stop();
});

it("a probe under way when the account stops is hung up, and no other follows", async () => {
  const clock = new ManualClock();
  const { runtime, asked } = open(clock);
  await lose(runtime);
  for (let ms = 0; asked.account === 0 && ms < 2_000; ms += 10) await clock.advance(10);
  expect(asked).toEqual({ account: 1, aborted: 0 });
  const stopped = runtime.stop();
  expect(asked.aborted).toBe(1);
  await clock.advance(120_000);
  await stopped;
  expect(asked.account).toBe(1);
});
