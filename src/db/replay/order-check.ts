// Holds the orders of a replay until their rows were compared. Closed orders are compared in batches
// and forgotten, so that the memory a replay takes does not grow with the log.
import { isTerminal } from "../../domain/order/status.ts";
import type { OrderId } from "../../domain/ids.ts";
import type { OrderState } from "../../domain/order/state.ts";
import { plainArray } from "../array-literal.ts";
import { EXECUTION_ROW } from "../projections/execution-row.ts";
import { ORDER_ROW } from "../projections/order-row.ts";
import { differences, selection, type Difference, type StoredRow } from "./stored-rows.ts";
import type { Transaction } from "../client.ts";

/** Compared together: large enough that the round trip does not count. */
const BATCH = 2_000;
/** Closed orders kept for what comes late: some minutes of a busy day. */
const MAX_CLOSED = 20_000;

export interface HeldOrder {
  state: OrderState;
  placedSeq: number;
  /** Where the log brought the figures of each execution. */
  readonly executionSeqs: Map<string, number>;
}

const NONE: ReadonlySet<string> = new Set();

export class OrderCheck {
  readonly #sql: Transaction;
  readonly #partition: number;
  readonly #report: (difference: Difference) => void;
  readonly #held = new Map<OrderId, HeldOrder>();
  readonly #closed = new Set<OrderId>();
  orders = 0;
  executions = 0;

  constructor(sql: Transaction, partition: number, report: (difference: Difference) => void) {
    this.#sql = sql;
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

  async trim(): Promise<void> {
    while (this.#closed.size > MAX_CLOSED) await this.#compare([...this.#closed].slice(0, BATCH));
  }

  async finish(): Promise<void> {
    const ids = [...this.#held.keys()];
    for (let from = 0; from < ids.length; from += BATCH) {
      await this.#compare(ids.slice(from, from + BATCH));
    }
  }

  async #compare(ids: readonly OrderId[]): Promise<void> {
    const list = plainArray(ids);
    const [orders, executions] = await Promise.all([
      this.#sql.unsafe<StoredRow[]>(ORDERS, [list], { prepare: true }),
      this.#sql.unsafe<StoredRow[]>(EXECUTIONS, [list], { prepare: true }),
    ]);
    const rows = new Map(orders.map((row) => [row["id"], row]));
    const fills = new Map(executions.map((row) => [`${row["order_id"]} ${row["id"]}`, row]));
    for (const id of ids) this.#compareOne(id, rows.get(id), fills);
  }

  #compareOne(
    id: OrderId,
    row: StoredRow | undefined,
    fills: ReadonlyMap<string, StoredRow>,
  ): void {
    const held = this.#held.get(id);
    if (held === undefined) return;
    this.#held.delete(id);
    this.#closed.delete(id);
    // A row that knows more than the log has told so far is compared when the rest was told.
    if (row !== undefined && Number(row["version"]) > held.state.version) return;
    this.#compareOrder(held, row);
    this.#compareExecutions(held, fills);
  }

  #compareOrder({ state: order, placedSeq }: HeldOrder, row: StoredRow | undefined): void {
    this.orders += 1;
    const compared = { shape: ORDER_ROW, key: order.id, omitted: NONE };
    const source = { order, placedSeq, partition: this.#partition };
    differences(compared, row, source).forEach(this.#report);
  }

  #compareExecutions({ state, executionSeqs }: HeldOrder, fills: ReadonlyMap<string, StoredRow>) {
    for (const execution of state.executions) {
      this.executions += 1;
      const key = `${state.id} ${execution.id}`;
      const seq = executionSeqs.get(execution.id) ?? 0;
      const source = { order: state, execution, partition: this.#partition, seq };
      const compared = { shape: EXECUTION_ROW, key, omitted: NONE };
      differences(compared, fills.get(key), source).forEach(this.#report);
    }
  }
}

const ORDERS = `SELECT ${selection(ORDER_ROW, NONE)} FROM orders WHERE id = ANY ($1::uuid[])`;
const EXECUTIONS = `SELECT ${selection(EXECUTION_ROW, NONE)}
  FROM unnest($1::uuid[]) AS wanted (wanted) JOIN executions ON order_id = wanted`;
