// Every execution, by id, by account and by time.
import type { Execution, Micros } from "./order.ts";

const NONE: readonly Execution[] = [];

export class ExecutionStore {
  readonly #all: Execution[] = [];
  readonly #byId = new Map<string, Execution>();
  readonly #byAccount = new Map<string, Execution[]>();
  /** What has been busted or corrected, and by which execution. */
  readonly #restatedBy = new Map<string, Execution>();

  get size(): number {
    return this.#all.length;
  }

  add(execution: Execution): void {
    this.#all.push(execution);
    this.#byId.set(execution.id, execution);
    if (execution.corrects !== null) this.#restatedBy.set(execution.corrects, execution);
    const list = this.#byAccount.get(execution.accountId);
    if (list === undefined) this.#byAccount.set(execution.accountId, [execution]);
    else list.push(execution);
  }

  get(id: string): Execution | undefined {
    return this.#byId.get(id);
  }

  all(): readonly Execution[] {
    return this.#all;
  }

  /** Ascending by time. */
  of(accountId: string): readonly Execution[] {
    return this.#byAccount.get(accountId) ?? NONE;
  }

  /** Whether it still counts as it was told: neither busted nor corrected. */
  stands(execution: Execution): boolean {
    return !this.#restatedBy.has(execution.id);
  }
}

/** The first index at or after an instant, in a list that ascends by time. */
export function firstFrom(executions: readonly Execution[], at: Micros): number {
  let low = 0;
  let high = executions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((executions[middle]?.at ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
