// Holds the orders of a replay until their rows were compared. Closed orders are compared in batches
// and forgotten, so that the memory a replay takes does not grow with the log.
import { isTerminal } from "../../domain/order/status.ts";
import type { OrderId } from "../../domain/ids.ts";
import type { OrderState } from "../../domain/order/state.ts";
import { plainArray } from "../array-literal.ts";
import { EXECUTION_ROW } from "../projections/execution-row.ts";
import { ORDER_ROW } from "../projections/order-row.ts";
import { differences, lineOf, type Difference } from "./stored-rows.ts";
import type { Transaction } from "../client.ts";

/** How much a replay has in hand at a time. */
export interface Portions {
  /** Events read together. */
  readonly events: number;
  /** Closed orders kept for what comes late. */
  readonly closed: number;
  /** Orders compared together. */
  readonly compared: number;
}

export interface HeldOrder {
  state: OrderState;
  placedSeq: number;
  /** Where the log brought the figures of each execution. */
  readonly executionSeqs: Map<string, number>;
}

export interface OrderCheckOptions {
  readonly rows: Transaction;
  readonly partition: number;
  readonly report: (difference: Difference) => void;
  readonly portions: Portions;
}

export class OrderCheck {
  readonly #rows: Transaction;
  readonly #portions: Portions;
  readonly #partition: number;
  readonly #report: (difference: Difference) => void;
  readonly #held = new Map<OrderId, HeldOrder>();
  readonly #closed = new Set<OrderId>();
  #comparing: Promise<void> = Promise.resolve();
  orders = 0;
  executions = 0;

  constructor({ rows, partition, report, portions }: OrderCheckOptions) {
    this.#rows = rows;
    this.#portions = portions;
    this.#partition = partition;
    this.#report = report;
  }

  get(id: OrderId): HeldOrder | undefined {
    return this.#held.get(id);
  }

  put(held: HeldOrder): void {
    const { id, status } = held.state;
    this.#held.set(id, held);
    this.#closed.delete(id);
    if (isTerminal(status)) this.#closed.add(id);
  }

  /** Compares the oldest of the closed orders; the fold goes on while their rows are fetched. */
  async trim(): Promise<void> {
    const { closed, compared } = this.#portions;
    while (this.#closed.size > closed) await this.#begin(take(this.#closed, compared));
  }

  async finish(): Promise<void> {
    const ids = [...this.#held.keys()];
    const { compared } = this.#portions;
    for (let from = 0; from < ids.length; from += compared) {
      await this.#begin(ids.slice(from, from + compared));
    }
    await this.#comparing;
  }

  /** One comparison at a time: begins when the one before has ended. */
  async #begin(ids: readonly OrderId[]): Promise<void> {
    const taken = ids.flatMap((id) => this.#held.get(id) ?? []);
    for (const id of ids) {
      this.#held.delete(id);
      this.#closed.delete(id);
    }
    await this.#comparing;
    this.#comparing = this.#compare(taken);
    // Whoever waits for it next hears of its failure.
    this.#comparing.catch(() => undefined);
  }

  async #compare(taken: readonly HeldOrder[]): Promise<void> {
    const list = plainArray(taken.map(({ state }) => state.id));
    const [orders, executions] = await Promise.all([
      this.#rows.unsafe<OrderLine[]>(ORDERS, [list], { prepare: true }),
      this.#rows.unsafe<ExecutionLine[]>(EXECUTIONS, [list], { prepare: true }),
    ]);
    const rows = new Map(orders.map((row) => [row.id, row]));
    const fills = new Map(executions.map(({ key, line }) => [key, line]));
    for (const held of taken) {
      const row = rows.get(held.state.id);
      // A row that knows more than the log has told so far is compared when the rest was told.
      if (row !== undefined && row.version > held.state.version) continue;
      this.#compareOrder(held, row?.line);
      this.#compareExecutions(held, fills);
    }
  }

  #compareOrder({ state: order, placedSeq }: HeldOrder, line: string | undefined): void {
    this.orders += 1;
    const source = { order, placedSeq, partition: this.#partition };
    differences({ shape: ORDER_ROW, key: order.id }, line, source).forEach(this.#report);
  }

  #compareExecutions({ state, executionSeqs }: HeldOrder, lines: ReadonlyMap<string, string>) {
    for (const execution of state.executions) {
      this.executions += 1;
      const key = `${state.id} ${execution.id}`;
      const seq = executionSeqs.get(execution.id) ?? 0;
      const source = { order: state, execution, partition: this.#partition, seq };
      differences({ shape: EXECUTION_ROW, key }, lines.get(key), source).forEach(this.#report);
    }
  }
}

function take<T>(from: Iterable<T>, count: number): readonly T[] {
  const taken: T[] = [];
  for (const item of from) {
    if (taken.length === count) break;
    taken.push(item);
  }
  return taken;
}

interface OrderLine {
  readonly id: OrderId;
  readonly version: number;
  readonly line: string;
}

interface ExecutionLine {
  readonly key: string;
  readonly line: string;
}

const ORDERS = `SELECT id, version, ${lineOf(ORDER_ROW)} AS line
  FROM orders WHERE id = ANY ($1::uuid[])`;
const EXECUTIONS = `SELECT order_id || ' ' || id AS key, ${lineOf(EXECUTION_ROW)} AS line
  FROM unnest($1::uuid[]) AS wanted (wanted) JOIN executions ON order_id = wanted`;
