// What happens too seldom to be worth a composite type each: one JSON document per commit, absent from
// most. Several changes of one subject within a commit are folded to the last.
import type { DomainEvent, EventOf } from "../../domain/event.ts";
import type { EventEntry } from "./event-row.ts";

type Row = Readonly<Record<string, unknown>>;

export interface RareRows {
  readonly commands: readonly Row[];
  readonly adjustments: readonly Row[];
  readonly frozen: readonly Row[];
  readonly external: readonly Row[];
  readonly parked: readonly Row[];
  readonly differences: readonly Row[];
  readonly executions: readonly Row[];
}

interface External {
  snapshot: unknown;
  ignored: boolean | null;
  isClosed: boolean;
  at: number;
}

type Handlers = {
  readonly [Type in DomainEvent["type"]]?: (event: EventOf<Type>, entry: EventEntry) => void;
};

export class RareFacts {
  readonly #commands: Row[] = [];
  readonly #adjustments: Row[] = [];
  readonly #parked: Row[] = [];
  readonly #differences: Row[] = [];
  readonly #frozen = new Map<string, Row>();
  readonly #external = new Map<string, External & { keys: Row }>();
  /** Executions that lost their figures: taken back, or corrected by another one. */
  readonly #executions: Row[] = [];

  readonly #handlers: Handlers = {
    CommandDecided: (event, entry) => this.#command(event, entry),
    PositionAdjusted: (event, entry) => this.#adjustments.push(adjustmentRow(event, entry)),
    SymbolFrozen: (event, entry) => this.#freeze(event.instrumentId, event.reason, entry),
    SymbolUnfrozen: (event, entry) => this.#freeze(event.instrumentId, null, entry),
    ExternalOrderSeen: ({ snapshot }, entry) => this.#see(snapshot, entry),
    ExternalOrderClosed: ({ brokerOrderId }, entry) => {
      Object.assign(this.#externalOf(brokerOrderId, entry), { isClosed: true, ignored: null });
    },
    ExternalOrderIgnored: ({ brokerOrderId }, entry) => {
      this.#externalOf(brokerOrderId, entry).ignored = true;
    },
    BrokerFactParked: (event, entry) => this.#parked.push(parkedRow(event, entry)),
    DifferenceFound: (event, entry) => this.#differences.push(differenceRow(event, entry)),
    ExecutionBusted: ({ orderId, executionId }, { partition }) => {
      this.#executions.push({ order_id: orderId, id: executionId, partition, corrected_by: null });
    },
    ExecutionCorrected: ({ orderId, executionId, by }, { partition }) => {
      if (by.id === executionId) return;
      const row = { order_id: orderId, id: executionId, partition, corrected_by: by.id };
      this.#executions.push(row);
    },
  };

  add(entry: EventEntry): void {
    const { event } = entry.recorded;
    // The handler under an event's type takes that event: the table's type says so.
    const handle = this.#handlers[event.type] as
      ((event: DomainEvent, entry: EventEntry) => void) | undefined;
    handle?.(event, entry);
  }

  /** Null when there is nothing to say. */
  rows(): RareRows | null {
    const rows: RareRows = {
      commands: this.#commands,
      adjustments: this.#adjustments,
      frozen: [...this.#frozen.values()],
      external: [...this.#external.values()].map(({ keys, snapshot, ignored, isClosed, at }) => ({
        ...keys,
        snapshot,
        ignored,
        is_closed: isClosed,
        at,
      })),
      parked: this.#parked,
      differences: this.#differences,
      executions: this.#executions,
    };
    return Object.values(rows).some((list: readonly Row[]) => list.length > 0) ? rows : null;
  }

  #command({ commandId, outcome }: EventOf<"CommandDecided">, entry: EventEntry): void {
    const { result, code, message, orderIds } = outcome;
    this.#commands.push({
      id: commandId,
      partition: entry.partition,
      result,
      code,
      message,
      order_ids: orderIds,
      at: entry.recorded.at,
    });
  }

  #freeze(instrumentId: string, reason: string | null, { recorded, partition }: EventEntry): void {
    const { accountId, at } = recorded;
    this.#frozen.set(`${accountId} ${instrumentId}`, {
      account_id: accountId,
      instrument_id: instrumentId,
      partition,
      reason,
      at,
    });
  }

  #see(snapshot: EventOf<"ExternalOrderSeen">["snapshot"], entry: EventEntry): void {
    const external = this.#externalOf(snapshot.brokerOrderId, entry);
    // Closed and seen again within one commit: what was ignored before is forgotten.
    if (external.isClosed) external.ignored = false;
    Object.assign(external, { snapshot, isClosed: false });
  }

  #externalOf(brokerOrderId: string, { recorded, partition }: EventEntry): External {
    const { accountId, at } = recorded;
    const key = `${accountId} ${brokerOrderId}`;
    const known = this.#external.get(key);
    if (known !== undefined) {
      known.at = at;
      return known;
    }
    const keys = { account_id: accountId, broker_order_id: brokerOrderId, partition };
    const fresh = { keys, snapshot: null, ignored: null, isClosed: false, at };
    this.#external.set(key, fresh);
    return fresh;
  }
}

function adjustmentRow({ adjustment }: EventOf<"PositionAdjusted">, entry: EventEntry): Row {
  return {
    account_id: entry.recorded.accountId,
    id: adjustment.id,
    partition: entry.partition,
    seq: entry.seq,
    kind: adjustment.kind,
    instrument_id: adjustment.instrumentId,
    strategy_id: adjustment.strategyId,
    qty: adjustment.quantity,
    price: adjustment.price,
    amount: adjustment.amount,
    source: adjustment.source,
    at: adjustment.at,
  };
}

function parkedRow(event: EventOf<"BrokerFactParked">, entry: EventEntry): Row {
  return {
    partition: entry.partition,
    seq: entry.seq,
    account_id: entry.recorded.accountId,
    description: event.description,
    raw: event.raw,
    parked: event.parked,
    execution_id: event.parked?.execution.id ?? null,
    at: entry.recorded.at,
  };
}

function differenceRow(event: EventOf<"DifferenceFound">, entry: EventEntry): Row {
  const { kind, subject, ours, theirs, action } = event;
  return {
    partition: entry.partition,
    seq: entry.seq,
    account_id: entry.recorded.accountId,
    kind,
    subject,
    ours,
    theirs,
    action,
    at: entry.recorded.at,
  };
}
