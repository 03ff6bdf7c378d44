// What would become of a signal: the worker's own decision on the book as the tables hold it now.
// Nothing is accepted, numbered or sent; what another signal does in between can still change it.
import type { Context } from "../domain/book.ts";
import type { BrokerTraits } from "../domain/broker.ts";
import { decide } from "../domain/decide.ts";
import type { EventOf } from "../domain/event.ts";
import type { InstrumentId } from "../domain/ids.ts";
import { MarkTable } from "../domain/mark-table.ts";
import type { OrderSpec } from "../domain/order/spec.ts";
import { partitionOf } from "../domain/partition.ts";
import type { Clock, IdSource } from "../ports/clock.ts";
import type { ConfigurationStore, EngineStore, MarkStore } from "../ports/store.ts";
import { signalOf, type ComposedSignal } from "./compose-signal.ts";
import type { Directory } from "./directory.ts";

export interface PreviewDeps {
  readonly engine: Pick<EngineStore, "loadBook">;
  readonly configuration: Pick<
    ConfigurationStore,
    "limits" | "tradingStates" | "calendarOverrides" | "rates"
  >;
  readonly marks: Pick<MarkStore, "loadMarks">;
  readonly directory: Directory;
  readonly traits: BrokerTraits;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly partitions: number;
}

export interface Preview {
  readonly decision: EventOf<"SignalDecided">;
  readonly orders: readonly OrderSpec[];
  /** What was looked at: a decision after this place in the log may come out otherwise. */
  readonly seen: { readonly partition: number; readonly seq: number };
}

export async function preview(
  deps: PreviewDeps,
  composed: ComposedSignal,
  actor: string,
): Promise<Preview> {
  const { clock, ids, engine } = deps;
  const partition = partitionOf(composed.account.id, deps.partitions);
  const [book, context] = await Promise.all([engine.loadBook(partition), contextOf(deps)]);
  const accepted = { id: ids.next(), receivedAt: clock.now(), actor, traceParent: null };
  const number = Math.max(book.decidedSignals, ...book.decidedAhead) + 1;
  const signal = { ...signalOf(composed, accepted), number };
  const { events } = decide(book, { kind: "signal", signal }, context);
  const all = events.map(({ event }) => event);
  const decision = all.find((event) => event.type === "SignalDecided");
  if (decision === undefined) throw new Error("a signal without a decision");
  const orders = all.flatMap((event) => (event.type === "OrderPlaced" ? [event.order] : []));
  return { decision, orders, seen: { partition, seq: book.seq } };
}

async function contextOf(deps: PreviewDeps): Promise<Context> {
  const { configuration } = deps;
  const [limits, trading, calendar, rates, stored] = await Promise.all([
    configuration.limits(),
    configuration.tradingStates(),
    configuration.calendarOverrides(),
    configuration.rates(),
    deps.marks.loadMarks(),
  ]);
  const marks = new MarkTable();
  for (const mark of stored) marks.put(mark);
  return {
    now: deps.clock.now(),
    limits,
    trading,
    marks,
    rates,
    calendar,
    instrument: (id: InstrumentId) => deps.directory.instrument(id),
    // The rate budget and the broker's health are the worker's to know: a preview is about limits.
    broker: () => ({ traits: deps.traits, tokens: Number.MAX_SAFE_INTEGER, up: true }),
  };
}
