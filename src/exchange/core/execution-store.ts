// Every execution, by id, by account and by time.
import type { Execution } from "./order.ts";

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
