// What the worker tells the people who watch it: one method per thing worth knowing. Logs, metrics and
// alarms are made of these elsewhere; the engine itself knows no logger.
import type { BrokerCall } from "../domain/broker.ts";
import type { AccountId, OrderId } from "../domain/ids.ts";
import type { CommittedBatch } from "./traces.ts";

/** A call to a broker that has ended. */
export interface EndedCall {
  readonly broker: string;
  readonly accountId: AccountId;
  readonly orderId: OrderId;
  readonly kind: BrokerCall["kind"];
  readonly result: string;
  readonly elapsedMs: number;
  readonly traceParent: string | null;
}

/** Whose order something is about, and the trace it belongs to. */
export interface AboutOrder {
  readonly orderId: OrderId;
  readonly traceParent: string | null;
}

export interface WorkerSink {
  /** Someone must know soon: unresolved orders, loss limits, frozen symbols, faults. */
  alarm(code: string, message: string, about: AboutOrder | null): void;
  committed(batch: CommittedBatch): void;
  brokerCall(call: EndedCall): void;
  brokerReport(broker: string, kind: string): void;
  unreadable(accountId: AccountId, raw: string, cause: string): void;
  session(accountId: AccountId, event: string, detail: string): void;
  reachability(accountId: AccountId, up: boolean): void;
  lease(event: "gained" | "lost" | "released" | "fenced", name: string): void;
  /** Something failed that will be tried again. */
  retrying(where: string, cause: unknown): void;
  fault(partition: number, reason: string, error: unknown): void;
  swept(count: number): void;
}
