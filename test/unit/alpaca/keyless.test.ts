// An account without keys stands as one that is refused: nobody waits for it, and nothing is sent for it.
import { expect, it } from "vitest";
import { createKeylessAccount } from "../../../src/brokers/alpaca/keyless.ts";
import { AccountRuntime } from "../../../src/worker/accounts.ts";
import { callBroker } from "../../../src/worker/broker-call.ts";
import type { WorkerSink } from "../../../src/worker/sink.ts";
import { asId, type BrokerOrderId, type OrderId } from "../../../src/domain/ids.ts";
import { ACCOUNTS, INSTRUMENTS } from "../../simulation/world.ts";
import { ManualClock, settle } from "../../support/manual-clock.ts";
import { Scene } from "../decide/scene.ts";

const [ACCOUNT] = ACCOUNTS as [(typeof ACCOUNTS)[number]];
const [INSTRUMENT] = INSTRUMENTS as [(typeof INSTRUMENTS)[number]];

it("an account without keys is shut out, with one alarm that names it and no key", async () => {
  const alarms: string[] = [];
  const sink = {
    alarm: (code: string, message: string) => alarms.push(`${code}: ${message}`),
    session: () => undefined,
    reachability: () => undefined,
  } as unknown as WorkerSink; // nothing else of it is told
  const clock = new ManualClock();
  const runtime = new AccountRuntime(ACCOUNT, createKeylessAccount(ACCOUNT.id), {
    ...{ clock, sink, tracer: null },
    options: {
      ...{ requestsPerMinute: 200, callTimeoutMs: 3_000, maxConcurrentCalls: 8 },
      reconcileEveryMs: 60_000,
    },
    instrument: () => INSTRUMENT,
    ...{ leaseRemainingMs: () => 6_000, book: () => new Scene().account, logSeq: () => 0 },
    ...{ settled: () => Promise.resolve([]), offer: () => undefined },
  });
  runtime.start();
  await settle();
  expect(runtime.isShutOut).toBe(true);
  expect(alarms).toEqual([
    expect.stringContaining(`There are no keys for the account ${ACCOUNT.id}`),
  ]);
  await runtime.stop();
});

it("an order of it does not leave", async () => {
  const names = { orderId: asId<OrderId>("o"), instrumentId: INSTRUMENT.id };
  const call = { kind: "cancel", ...names, brokerOrderId: asId<BrokerOrderId>("B") } as const;
  const { signal } = new AbortController();
  const port = createKeylessAccount(ACCOUNT.id);
  const { outcome } = await callBroker(port, call, INSTRUMENT, { signal });
  expect(outcome).toMatchObject({ result: "not_sent" });
});
