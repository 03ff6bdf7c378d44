// Keeps this worker's share of the leases. A lease lives 6 s by the database's clock and is renewed
// every 2 s; how long it surely still lives is measured on our own monotonic clock from before the
// request left. A lease that could not be renewed in time counts as lost here first.
import type { Clock } from "../ports/clock.ts";
import { presenceOf, type Lease, type LeaseStore } from "../ports/store.ts";

export const RENEW_EVERY_MS = 2_000;
/** What was handed over waits this long for its new owner at most: the pause of a rolling restart. */
const TAKE_EVERY_MS = 200;

export interface LeaseHandler {
  onGained(lease: Lease): void;
  onLost(lease: Lease): void;
  /** Another worker should have it: finish what is in flight, then `release` it. */
  onSurplus(lease: Lease): void;
  onError(error: unknown): void;
}

export interface LeaseKeeperOptions {
  readonly store: LeaseStore;
  readonly clock: Clock;
  readonly owner: string;
  /** Each kind is shared evenly by itself: nobody holds every partition because others have the jobs. */
  readonly kinds: readonly (readonly string[])[];
  readonly handler: LeaseHandler;
}

export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #held = new Map<string, Lease>();
  readonly #leaving = new Set<string>();
  readonly #aborter = new AbortController();
  #renewedAt = Number.NEGATIVE_INFINITY;
  #loop: Promise<unknown> = Promise.resolve();

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#loop = Promise.all([this.#run(), this.#watch()]);
  }

  get held(): readonly Lease[] {
    return [...this.#held.values()];
  }

  holds(name: string, epoch: number): boolean {
    return this.#held.get(name)?.epoch === epoch;
  }

  /**
   * Milliseconds for which the lease of that epoch is surely ours; negative when it may be gone. One that
   * was lost and taken again is another: whoever worked under the first has no time in it.
   */
  remainingMs(name: string, epoch: number): number {
    const lease = this.#held.get(name);
    return lease?.epoch !== epoch
      ? Number.NEGATIVE_INFINITY
      : lease.until - this.#options.clock.monotonic();
  }

  /**
   * Stops renewing; what is held stays valid until `release` or its end. From now on the others share
   * among themselves, and take at once what is handed over.
   */
  async stop(): Promise<void> {
    this.#aborter.abort();
    await this.#loop;
    await this.release([presenceOf(this.#options.owner)]);
  }

  /** Hands leases over at once. */
  async release(names: readonly string[]): Promise<void> {
    const leases = names.flatMap((name) => this.#held.get(name) ?? []);
    for (const name of names) {
      this.#held.delete(name);
      this.#leaving.delete(name);
    }
    if (leases.length === 0) return;
    try {
      await this.#options.store.release(leases, this.#options.owner);
    } catch (error: unknown) {
      // They end by themselves a few seconds later; nobody renews them.
      this.#options.handler.onError(error);
    }
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#aborter.signal.aborted) {
      try {
        await this.#round();
      } catch (error: unknown) {
        this.#options.handler.onError(error);
      }
      await clock.sleep(TAKE_EVERY_MS, this.#aborter.signal).catch(() => undefined);
    }
  }

  /** Apart from the rounds: one that gets no answer is when leases run out. */
  async #watch(): Promise<void> {
    while (!this.#aborter.signal.aborted) {
      this.#dropExpired();
      await this.#options.clock.sleep(TAKE_EVERY_MS, this.#aborter.signal).catch(() => undefined);
    }
  }

  async #round(): Promise<void> {
    const { clock } = this.#options;
    if (clock.monotonic() - this.#renewedAt >= RENEW_EVERY_MS) await this.#renew();
    await this.#balance();
  }

  async #renew(): Promise<void> {
    const { store, owner, clock } = this.#options;
    const started = clock.monotonic();
    if (this.#held.size === 0) {
      this.#renewedAt = started;
      return;
    }
    const before = this.held;
    const kept = new Map((await store.renew(before, owner)).map((lease) => [lease.name, lease]));
    this.#renewedAt = started;
    for (const lease of before) {
      const renewed = kept.get(lease.name);
      if (renewed === undefined) this.#lose(lease);
      else if (this.#held.has(lease.name)) this.#held.set(lease.name, renewed);
    }
  }

  async #balance(): Promise<void> {
    const { store, kinds } = this.#options;
    await this.#bePresent();
    const alive = Math.max(1, (await store.owners()).size);
    for (const names of kinds) await this.#takeShare(names, Math.ceil(names.length / alive));
  }

  /** Takes what is free up to the share, and offers what is above it. */
  async #takeShare(names: readonly string[], share: number): Promise<void> {
    const { store, owner, handler } = this.#options;
    const mine = names.flatMap((name) => this.#held.get(name) ?? []);
    for (const lease of mine.slice(share)) {
      if (this.#leaving.has(lease.name)) continue;
      this.#leaving.add(lease.name);
      handler.onSurplus(lease);
    }
    const wanted = share - mine.length;
    if (wanted <= 0) return;
    const missing = names.filter((name) => !this.#held.has(name));
    for (const lease of await store.take(missing, owner, wanted)) {
      this.#held.set(lease.name, lease);
      handler.onGained(lease);
    }
  }

  /** A lease of one's own name: how workers with nothing to do yet are counted when sharing. */
  async #bePresent(): Promise<void> {
    const { store, owner } = this.#options;
    const name = presenceOf(owner);
    if (this.#held.has(name)) return;
    for (const lease of await store.take([name], owner, 1)) this.#held.set(name, lease);
  }

  #dropExpired(): void {
    const now = this.#options.clock.monotonic();
    for (const lease of this.held) if (lease.until <= now) this.#lose(lease);
  }

  #lose(lease: Lease): void {
    this.#held.delete(lease.name);
    this.#leaving.delete(lease.name);
    if (lease.name !== presenceOf(this.#options.owner)) this.#options.handler.onLost(lease);
  }
}
