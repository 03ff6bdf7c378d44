// The worker: holds leases, runs one partition runner for each, and everything around them. It is
// built of ports only, so that the simulation runs these very modules on a virtual clock.
import type { Effect } from "../domain/book.ts";
import type { AccountId } from "../domain/ids.ts";
import { MarkTable } from "../domain/mark-table.ts";
import { partitionOf } from "../domain/partition.ts";
import type { Lease } from "../ports/store.ts";
import { AccountRuntime } from "./accounts.ts";
import { MAX_BATCH } from "./batch-size.ts";
import { BusReader } from "./bus-reader.ts";
import { Committer } from "./committer.ts";
import type { EngineDeps } from "./engine-deps.ts";
import { JobHost } from "./job-host.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import { FaultMarks } from "./fault-marks.ts";
import { PartitionRunner } from "./partition-runner.ts";
import type { RunnerShell } from "./runner-shell.ts";
import { PricePoller } from "./price-poller.ts";
import { Sweep } from "./sweep.ts";
import { Traces } from "./traces.ts";
import { untilRead } from "./until-read.ts";
import { World } from "./world.ts";

export const PRICES_LEASE = "prices";
const DRAIN_LOOK_MS = 2;
const LOAD_AGAIN_MS = 50;
/** How long after taking a partition its first views of the broker are expected. */
const BEGINNING_MS = 60_000;
const leaseName = (partition: number): string => `p${partition}`;
const partitionOfLease = (name: string): number => Number(name.slice(1));

export class Engine {
  readonly #deps: EngineDeps;
  readonly #world: World;
  readonly #marks: MarkTable;
  readonly #committer: Committer;
  readonly #jobs: JobHost;
  readonly #keeper: LeaseKeeper;
  readonly #prices: PricePoller;
  readonly #traces: Traces;
  readonly #faults: FaultMarks;
  readonly #sweep: Sweep;
  readonly #bus: BusReader | null;
  readonly #runners = new Map<number, PartitionRunner>();
  readonly #accounts = new Map<AccountId, AccountRuntime>();
  readonly #running = new Map<number, Promise<void>>();
  #leadsPrices = false;
  #decidedUnder: number;
  #gainedAt = Number.NEGATIVE_INFINITY;

  static async start(deps: EngineDeps): Promise<Engine> {
    const marks = new MarkTable();
    const { store, sink } = deps;
    const onError = (error: unknown): void => sink.retrying("configuration", error);
    const engine = new Engine(deps, await World.watch({ store, marks, onError }), marks);
    await engine.#prices.recall();
    engine.#start();
    return engine;
  }

  private constructor(deps: EngineDeps, world: World, marks: MarkTable) {
    const { clock, store, sink, options } = deps;
    this.#deps = deps;
    this.#world = world;
    this.#marks = marks;
    this.#decidedUnder = world.tradingVersion;
    this.#traces = new Traces(deps.tracer);
    this.#committer = new Committer(store);
    this.#jobs = new JobHost(deps.jobs, clock, (name, error) => sink.retrying(name, error));
    this.#faults = new FaultMarks(store, clock, (partition, error) =>
      sink.retrying(`partition ${partition}`, error),
    );
    this.#keeper = this.#createKeeper();
    this.#prices = this.#createPoller();
    this.#sweep = new Sweep({
      store,
      clock,
      intervalMs: () => (this.#streamIsUp() ? options.sweepEveryMs : options.sweepAloneEveryMs),
      runners: () => this.#live(),
      onError: (error) => sink.retrying("sweep", error),
      onSwept: (count) => sink.swept(count),
    });
    this.#bus =
      deps.bus &&
      new BusReader({
        consumer: deps.bus,
        clock,
        runners: () => this.#live(),
        onError: (error) => sink.retrying("stream", error),
        onGap: (runner) => void this.#sweep.fill(runner),
      });
  }

  #createKeeper(): LeaseKeeper {
    const { store, clock, options, sink } = this.#deps;
    const partitions = Array.from({ length: options.partitions }, (_, index) => leaseName(index));
    return new LeaseKeeper({
      store,
      clock,
      owner: options.owner,
      kinds: [partitions, [PRICES_LEASE, ...this.#jobs.names]],
      handler: {
        onGained: (lease) => this.#gained(lease),
        onLost: (lease) => this.#lost(lease),
        onSurplus: (lease) => void this.#handOver(lease.name),
        onError: (error) => sink.retrying("leases", error),
      },
    });
  }

  #createPoller(): PricePoller {
    const { clock, store, sink, marketData, options, pricedInstruments } = this.#deps;
    return new PricePoller({
      source: marketData,
      store,
      cache: this.#marks,
      clock,
      pollEveryMs: options.pollPricesEveryMs,
      leads: () => this.#leadsPrices,
      wanted: pricedInstruments,
      world: this.#world,
      onMarks: () => this.#tickAll(),
      onError: (error) => sink.retrying("prices", error),
    });
  }

  #start(): void {
    this.#world.onChange(() => this.#configurationChanged());
    this.#keeper.start();
    this.#sweep.start();
    this.#bus?.start();
    this.#prices.start();
  }

  /**
   * Hands everything over: stop reading, finish what is in flight, release the leases. A partition goes
   * as soon as it is idle; it does not wait for a feed or a price that is still on its way.
   */
  async stop(): Promise<void> {
    await this.#keeper.stop();
    const names = this.#keeper.held.map((lease) => lease.name);
    const partitions = names.filter((name) => /^p\d+$/.test(name)).map(partitionOfLease);
    await Promise.all([
      this.#bus?.stop(),
      this.#sweep.stop(),
      this.#prices.stop(),
      this.#jobs.stopAll(),
      ...partitions.map((partition) => this.#letGo(partition)),
    ]);
    await this.#keeper.release(names);
    await this.#world.close();
  }

  status() {
    return {
      owner: this.#deps.options.owner,
      partitions: this.#live().map((runner) => ({
        partition: runner.partition,
        epoch: runner.epoch,
        decidedSignals: runner.progress.signals,
        decidedCommands: runner.progress.commands,
        waiting: runner.inbox.depth,
        leaseRemainingMs: this.#keeper.remainingMs(leaseName(runner.partition), runner.epoch),
      })),
      accounts: [...this.#accounts.values()].map((account) => account.status()),
      bus: this.#deps.bus?.status() ?? null,
      pricesPolledAt: this.#prices.polledAt,
    };
  }

  #streamIsUp(): boolean {
    return this.#deps.bus?.status().connected ?? false;
  }

  #live(): PartitionRunner[] {
    return [...this.#runners.values()];
  }

  #gained(lease: Lease): void {
    this.#deps.sink.lease("gained", lease.name);
    if (lease.name === PRICES_LEASE) this.#leadsPrices = true;
    else if (!this.#jobs.start(lease.name)) {
      const partition = partitionOfLease(lease.name);
      this.#gainedAt = this.#deps.clock.monotonic();
      this.#running.set(partition, this.#runPartition(partition, lease.epoch));
    }
  }

  #lost(lease: Lease): void {
    this.#deps.sink.lease("lost", lease.name);
    if (lease.name === PRICES_LEASE) this.#leadsPrices = false;
    else if (this.#jobs.names.includes(lease.name)) void this.#jobs.stop(lease.name);
    else this.#runners.get(partitionOfLease(lease.name))?.stop("fenced");
  }

  async #runPartition(partition: number, epoch: number): Promise<void> {
    await this.#running.get(partition);
    // Not "is there time left": a lease that seemed to run out may have been renewed just now, and
    // would then be held for ever with nobody at work.
    const isOurs = () => this.#keeper.holds(leaseName(partition), epoch);
    const [holder, shell] = [{ partition, epoch }, this.#shell()];
    const runner = await untilRead(() => PartitionRunner.load(holder, shell), {
      ...{ holder, shell, firstPauseMs: LOAD_AGAIN_MS },
      isWanted: isOurs,
    });
    if (runner === "faulted") await this.#abandon(partition);
    else if (runner !== null && isOurs()) await this.#serve(runner);
  }

  /** Its fault is marked first: released without, it would be taken again at once. */
  async #abandon(partition: number): Promise<void> {
    await this.#faults.marked(partition);
    await this.#keeper.release([leaseName(partition)]);
  }

  async #serve(runner: PartitionRunner): Promise<void> {
    const { partition } = runner;
    this.#runners.set(partition, runner);
    this.#adoptAccounts(runner);
    this.#bus?.admit(runner);
    void this.#sweep.fill(runner);
    const reason = await runner.run();
    this.#runners.delete(partition);
    this.#bus?.forget(partition);
    await this.#stopAccounts(partition);
    if (reason === "faulted") await this.#abandon(partition);
  }

  /** An account's broker side lives where its partition lives. */
  #adoptAccounts(runner: PartitionRunner): void {
    const loaded = [...runner.book.accounts.values()].map(({ account }) => account);
    for (const account of [...loaded, ...this.#world.accounts]) {
      if (partitionOf(account.id, this.#deps.options.partitions) !== runner.partition) continue;
      runner.addAccount(account);
      if (this.#accounts.has(account.id)) continue;
      const runtime = new AccountRuntime(account, this.#deps.connect(account), {
        clock: this.#deps.clock,
        sink: this.#deps.sink,
        tracer: this.#deps.tracer,
        options: this.#deps.options,
        instrument: this.#world.instrument,
        leaseRemainingMs: () => this.#keeper.remainingMs(leaseName(runner.partition), runner.epoch),
        book: () => runner.book.accounts.get(account.id) ?? null,
        logSeq: () => runner.progress.seq,
        settled: (ids) => this.#deps.store.loadSettled(account.id, ids),
        offer: (input) => runner.inbox.offerFact(input),
      });
      this.#accounts.set(account.id, runtime);
      runtime.start();
    }
  }

  #accountsOf(partition: number): AccountRuntime[] {
    return [...this.#accounts.values()].filter(
      ({ account }) => partitionOf(account.id, this.#deps.options.partitions) === partition,
    );
  }

  async #stopAccounts(partition: number): Promise<void> {
    const leaving = this.#accountsOf(partition);
    for (const runtime of leaving) this.#accounts.delete(runtime.account.id);
    await Promise.all(leaving.map((runtime) => runtime.stop()));
  }

  /** Waits for answers already on their way, as long as the deadline allows, then lets go. */
  async #drain(runner: PartitionRunner): Promise<void> {
    const { partition } = runner;
    const { clock, options } = this.#deps;
    const deadline = clock.monotonic() + options.drainTimeoutMs;
    runner.leave();
    this.#bus?.dismiss();
    const isIdle = () =>
      runner.isIdle && this.#accountsOf(partition).every((account) => account.isIdle);
    while (!isIdle() && clock.monotonic() < deadline) await clock.sleep(DRAIN_LOOK_MS);
    runner.stop("handed_over");
    await this.#running.get(partition);
  }

  /** One that is still loading finds that its lease is gone, and is never served. */
  async #letGo(partition: number): Promise<void> {
    const runner = this.#runners.get(partition);
    if (runner !== undefined) await this.#drain(runner);
    await this.#keeper.release([leaseName(partition)]);
  }

  async #handOver(name: string): Promise<void> {
    if (name === PRICES_LEASE) this.#leadsPrices = false;
    else if (!(await this.#jobs.stop(name))) await this.#letGo(partitionOfLease(name));
    await this.#keeper.release([name]);
    this.#deps.sink.lease("released", name);
  }

  #shell(): RunnerShell {
    const { clock, store, sink, wakeFeeds, options } = this.#deps;
    return {
      clock,
      store,
      committer: this.#committer,
      maxBatch: options.maxBatch ?? MAX_BATCH,
      context: (now) => this.#world.context(now, (accountId) => this.#broker(accountId)),
      refreshTradingState: () => this.#world.refresh(),
      isShutOut: (accountId) => this.#accounts.get(accountId)?.isShutOut ?? false,
      isUp: (accountId) => this.#accounts.get(accountId)?.view().up ?? false,
      takeTokens: (accountId, count) =>
        this.#accounts.get(accountId)?.budget.take(count, clock.now()),
      giveBackTokens: (accountId, count) => this.#accounts.get(accountId)?.budget.giveBack(count),
      heard: (accountId, outcome) => this.#accounts.get(accountId)?.heard(outcome),
      seen: (accountId, view) => this.#accounts.get(accountId)?.seen(view),
      perform: (effect) => this.#perform(effect),
      decided: (p, signals, commands) => this.#bus?.decided(p, signals, commands),
      committed: (batch) => {
        this.#traces.committed(batch);
        sink.committed(batch);
        wakeFeeds();
      },
      distrust: (partition) => this.#distrust(partition),
      fault: (holder, reason, error) => {
        sink.fault(holder.partition, reason, error);
        this.#faults.mark(holder, reason);
      },
      retrying: (p, cause) => sink.retrying(`partition ${p}`, cause),
    };
  }

  #distrust(partition: number): void {
    this.#bus?.discard(partition);
    const runner = this.#runners.get(partition);
    if (runner !== undefined) void this.#sweep.fill(runner);
  }

  #broker(accountId: AccountId): ReturnType<AccountRuntime["view"]> {
    const runtime = this.#accounts.get(accountId);
    if (runtime === undefined) throw new Error(`no broker connection for account ${accountId}`);
    return runtime.view();
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case "call":
        this.#accounts
          .get(effect.accountId)
          ?.dispatch(effect.call, effect.traceParent ?? this.#traces.of(effect.call.orderId));
        return;
      case "want_mark":
        this.#prices.want(effect.instrumentId);
        return;
      case "reconcile":
        this.#accounts.get(effect.accountId)?.reconcileSoon();
        return;
      case "alarm":
        this.#deps.sink.alarm(effect.code, effect.message, this.#traces.about(effect.orderId));
        // A record that was restored from a backup knows less than the broker: no new risk on it.
        // It shows when a partition begins; later the same sign is a reading that came too late.
        if (effect.code === "broker_ahead" && this.#hasJustBegun()) {
          void this.#goReducing(effect.message);
        }
        return;
    }
  }

  #hasJustBegun(): boolean {
    return this.#deps.clock.monotonic() - this.#gainedAt < BEGINNING_MS;
  }

  async #goReducing(reason: string): Promise<void> {
    try {
      await this.#deps.goReducing(reason);
    } catch (error: unknown) {
      this.#deps.sink.retrying("going to reducing", error);
    }
  }

  #configurationChanged(): void {
    // A stop holds for what has not left yet.
    if (this.#world.tradingVersion !== this.#decidedUnder) {
      this.#decidedUnder = this.#world.tradingVersion;
      for (const account of this.#accounts.values()) account.recall();
    }
    for (const runner of this.#live()) this.#adoptAccounts(runner);
    this.#tickAll();
  }

  #tickAll(): void {
    for (const runner of this.#live()) runner.tick();
  }
}
