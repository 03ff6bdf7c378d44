// What happens too seldom to be worth a composite type each: one JSON document per commit, absent from
// most. Several changes of one subject within a commit are folded to the last.
import type { DomainEvent, EventOf } from "../../domain/event.ts";
import type { BookedExecution } from "../../domain/order/state.ts";
import type { CheckpointChange, Since } from "../../domain/position/checkpoints.ts";
import { ADJUSTMENT_ROW } from "./adjustment-row.ts";
import { CHECKPOINT_ROW } from "./checkpoint-row.ts";
import type { EventEntry } from "./event-row.ts";
import { jsonRow } from "./row.ts";

type Row = Readonly<Record<string, unknown>>;

export interface RareRows {
  readonly commands: readonly Row[];
  readonly adjustments: readonly Row[];
  readonly frozen: readonly Row[];
  readonly external: readonly Row[];
  readonly parked: readonly Row[];
  readonly differences: readonly Row[];
  readonly executions: readonly Row[];
  readonly forgotten: readonly Row[];
  readonly checkpoints: readonly Row[];
}

interface Parked {
  readonly entry: EventEntry;
  readonly event: EventOf<"BrokerFactParked">;
  settled: { readonly at: number; readonly by: string } | null;
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
  readonly #parked: Parked[] = [];
  readonly #differences: Row[] = [];
  readonly #forgotten: Row[] = [];
  readonly #checkpoints: Row[] = [];
  readonly #frozen = new Map<string, Row>();
  readonly #external = new Map<string, External & { keys: Row }>();
  /** Executions that lost their figures: taken back, or corrected by another one. */
  readonly #executions: Row[] = [];

  readonly #handlers: Handlers = {
    CommandDecided: (event, entry) => this.#command(event, entry),
    PositionAdjusted: (event, entry) => this.#adjust(event, entry),
    CashAdjusted: (event, entry) => this.#adjustments.push(adjustmentRow(event, entry)),
    SymbolFrozen: (event, entry) => this.#freeze(event.instrumentId, event.reason, entry),
    SymbolUnfrozen: (event, entry) => this.#freeze(event.instrumentId, null, entry),
    ExternalOrderSeen: ({ snapshot }, entry) => this.#see(snapshot, entry),
    ExternalOrderClosed: ({ brokerOrderId }, entry) => {
      Object.assign(this.#externalOf(brokerOrderId, entry), { isClosed: true, ignored: null });
    },
    ExternalOrderIgnored: ({ brokerOrderId }, entry) => {
      this.#externalOf(brokerOrderId, entry).ignored = true;
    },
    BrokerFactParked: (event, entry) => this.#parked.push({ entry, event, settled: null }),
    DifferenceFound: (event, entry) => this.#differences.push(differenceRow(event, entry)),
    DifferenceAccepted: (event, entry) => this.#differences.push(acceptedRow(event, entry)),
  };

  add(entry: EventEntry): void {
    const { event } = entry.recorded;
    // The handler under an event's type takes that event: the table's type says so.
    const handle = this.#handlers[event.type] as
      ((event: DomainEvent, entry: EventEntry) => void) | undefined;
    handle?.(event, entry);
  }

  /** A fill was booked: what was parked of it within this commit waits no longer. */
  settleParked({ recorded }: EventEntry, executionId: string, orderId: string): void {
    this.#settle(
      ({ event, entry }) =>
        entry.recorded.accountId === recorded.accountId &&
        event.parked?.execution.id === executionId,
      { at: recorded.at, by: `order ${orderId}` },
    );
  }

  /** An execution that does not count any more. */
  addBusted({ orderId, id, correctedBy }: BookedExecution, partition: number): void {
    this.#executions.push({ order_id: orderId, id, partition, corrected_by: correctedBy });
  }

  addCheckpoints(change: CheckpointChange, partition: number): void {
    const { accountId, instrumentId, forgotten, reached } = change;
    if (forgotten !== null) {
      const of = { account_id: accountId, instrument_id: instrumentId, partition };
      this.#forgotten.push({ ...of, ...placeRow(forgotten.since) });
    }
    for (const { place, state } of reached) {
      for (const position of [state.net, ...state.shares.values()])
        this.#checkpoints.push(jsonRow(CHECKPOINT_ROW, { place, position, partition }));
    }
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
      parked: this.#parked.map(parkedRow),
      differences: this.#differences,
      executions: this.#executions,
      forgotten: this.#forgotten,
      checkpoints: this.#checkpoints,
    };
    return Object.values(rows).some((list: readonly Row[]) => list.length > 0) ? rows : null;
  }

  #settle(isMeant: (parked: Parked) => boolean, by: Parked["settled"]): void {
    for (const parked of this.#parked) {
      if (parked.settled === null && isMeant(parked)) parked.settled = by;
    }
  }

  /** A correction takes over what the broker holds: fills parked before it are in it already. */
  #adjust(event: EventOf<"PositionAdjusted">, entry: EventEntry): void {
    this.#adjustments.push(adjustmentRow(event, entry));
    const { id, kind, instrumentId, at } = event.adjustment;
    if (kind !== "correction" && kind !== "adopted") return;
    this.#settle(
      ({ event: { parked }, entry: { recorded } }) =>
        recorded.accountId === entry.recorded.accountId &&
        parked?.instrumentId === instrumentId &&
        parked.execution.executedAt <= at,
      { at, by: `adjustment ${id}` },
    );
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

/** Without a place it is the beginning of the history. */
function placeRow(place: Since): Row {
  return { at: place?.at ?? null, fact_id: place?.id ?? null, fact_kind: place?.kind ?? null };
}

function adjustmentRow(
  event: EventOf<"PositionAdjusted"> | EventOf<"CashAdjusted">,
  { recorded: { accountId }, partition, seq }: EventEntry,
): Row {
  return jsonRow(ADJUSTMENT_ROW, { event, accountId, partition, seq });
}

function parkedRow({ event, entry, settled }: Parked): Row {
  return {
    partition: entry.partition,
    seq: entry.seq,
    account_id: entry.recorded.accountId,
    description: event.description,
    raw: event.raw,
    parked: event.parked,
    execution_id: event.parked?.execution.id ?? null,
    at: entry.recorded.at,
    settled_at: settled?.at ?? null,
    settled_by: settled?.by ?? null,
  };
}

/** Beside the differences, under a kind of its own: the newest of a subject is what holds. */
function acceptedRow(event: EventOf<"DifferenceAccepted">, entry: EventEntry): Row {
  const { kind, subject, amount, reason } = event;
  return {
    ...{ partition: entry.partition, seq: entry.seq, account_id: entry.recorded.accountId },
    ...{ kind: `${kind}_accepted`, subject, ours: null, theirs: amount },
    ...{ action: `accepted: ${reason}`, at: entry.recorded.at },
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
