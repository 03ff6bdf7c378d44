// What the worker tells the people who watch it: one method per thing worth knowing. Logs, metrics and
// alarms are made of these elsewhere; the engine itself knows no logger.
import type { BrokerCall } from "../domain/broker.ts";
import type { RecordedEvent } from "../domain/event.ts";
import type { AccountId } from "../domain/ids.ts";

export interface WorkerSink {
  /** Someone must know soon: unresolved orders, loss limits, frozen symbols, faults. */
  alarm(code: string, message: string): void;
  committed(partition: number, events: readonly RecordedEvent[]): void;
  brokerCall(broker: string, kind: BrokerCall["kind"], result: string, elapsedMs: number): void;
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
