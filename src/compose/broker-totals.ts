// What this worker's calls to brokers came to since it was told last: counts and seconds by bucket, and
// how often a stream came back after it was lost.
import type { AccountId } from "../domain/ids.ts";
import { STAGE_BOUNDS, type BrokerCallTotal } from "../ports/metrics.ts";
import type { EndedCall } from "../worker/sink.ts";
import type { BrokerCounts } from "./worker-sink.ts";

export class BrokerTotals implements BrokerCounts {
  #calls = new Map<string, BrokerCallTotal>();
  #reconnects = new Map<AccountId, number>();
  readonly #lost = new Set<AccountId>();

  called({ accountId, kind, result, elapsedMs }: EndedCall): void {
    const seconds = elapsedMs / 1_000;
    const bucket = bucketOf(seconds);
    this.#add({ account: accountId, kind, result, bucket, calls: 1, seconds });
  }

  #add(total: BrokerCallTotal): void {
    const { account, kind, result, bucket, calls, seconds } = total;
    const name = `${account} ${kind} ${result} ${bucket}`;
    const known = this.#calls.get(name);
    this.#calls.set(name, {
      ...total,
      calls: calls + (known?.calls ?? 0),
      seconds: seconds + (known?.seconds ?? 0),
    });
  }

  session(accountId: AccountId, event: string): void {
    if (event === "disconnected") this.#lost.add(accountId);
    if (event !== "connected" || !this.#lost.delete(accountId)) return;
    this.#reconnects.set(accountId, (this.#reconnects.get(accountId) ?? 0) + 1);
  }

  /** Hands over what came together; `putBack` takes it again when it could not be written. */
  take(): Taken {
    const taken = { calls: [...this.#calls.values()], reconnects: this.#reconnects };
    this.#calls = new Map();
    this.#reconnects = new Map();
    return taken;
  }

  putBack({ calls, reconnects }: Taken): void {
    for (const total of calls) this.#add(total);
    for (const [account, count] of reconnects) {
      this.#reconnects.set(account, count + (this.#reconnects.get(account) ?? 0));
    }
  }
}

export interface Taken {
  readonly calls: readonly BrokerCallTotal[];
  readonly reconnects: ReadonlyMap<AccountId, number>;
}

/** Index into the bounds; one past the last is the rest. */
function bucketOf(seconds: number): number {
  const index = STAGE_BOUNDS.findIndex((bound) => seconds <= bound);
  return index < 0 ? STAGE_BOUNDS.length : index;
}
