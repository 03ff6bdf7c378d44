// The broker's stream of facts as one listener hears it: it is cut, and what it carries is lost,
// repeated and swapped.
import type { AccountId } from "../../src/domain/ids.ts";
import type { BrokerListener, BrokerStream } from "../../src/ports/broker.ts";
import { reportOf } from "./broker-facts.ts";
import type { SimProcess } from "./process.ts";
import type { SimBrokerWorld } from "./sim-broker-port.ts";
import type { SimFact } from "./sim-order.ts";

const LATEST_MS = 3_000;

export interface Hearer {
  readonly process: SimProcess;
  readonly accountId: AccountId;
  readonly listener: BrokerListener;
}

export function listenTo(world: SimBrokerWorld, hearer: Hearer): BrokerStream {
  const { broker, scheduler, faults } = world;
  const { process, accountId, listener } = hearer;
  let connected = false;
  let closed = false;
  const connect = () => {
    scheduler.after(faults.random.between(5, 300), () => {
      if (closed) return;
      if (broker.isDown) {
        connect();
        return;
      }
      connected = true;
      process.deliver(() => listener.onConnected());
    });
  };
  const cut = () => {
    connected = false;
    process.deliver(() => listener.onDisconnected("cut"));
    connect();
  };
  const hear = (fact: SimFact) => {
    if (fact.order.accountId !== accountId || closed || !connected) return;
    if (broker.isDown || faults.happens("stream cut", "broker")) {
      cut();
      return;
    }
    if (faults.happens("message lost", "broker stream")) return;
    const copies = faults.happens("message repeated", "broker stream") ? 2 : 1;
    const report = reportOf(fact, world.executionIds);
    for (let copy = 0; copy < copies; copy += 1) {
      const late = faults.happens("message late", "broker stream");
      const delay = faults.random.between(0, 5) + (late ? faults.random.between(5, LATEST_MS) : 0);
      scheduler.after(delay, () => process.deliver(() => closed || listener.onReport(report)));
    }
  };
  const stop = broker.listen(hear);
  connect();
  return {
    lastHeardAt: () => (connected ? broker.now : null),
    close: async () => {
      closed = true;
      stop();
    },
  };
}
