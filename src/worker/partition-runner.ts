// The one writer of a partition. Four modes: loading (the book comes from the record, the past is
// settled with the broker), running (take, decide, commit, effects, again), reloading (a commit did not
// happen, so the book in memory is worth nothing) and stopped (fenced, handed over, or faulted).
import { namesNeeded, recoveryEffects } from "../domain/decide.ts";
import {
  adoptLoadedOrders,
  awaitEarlierAnswers,
  createAccountBook,
  tidyBook,
} from "../domain/apply.ts";
import type { Account, Book, Context, Effect, Input } from "../domain/book.ts";
import type { BrokerView, CallOutcome } from "../domain/broker.ts";
import type { AccountId } from "../domain/ids.ts";
import type { Clock } from "../ports/clock.ts";
import {
  isPassing,
  type CommitResult,
  type EngineStore,
  type PartitionCommit,
  type PartitionHolder,
} from "../ports/store.ts";
import { MAX_BATCH, nextBatchSize } from "./batch-size.ts";
import { decideBatch, PoisonFound, type PreparedBatch } from "./batch.ts";
import type { Committer } from "./committer.ts";
import { FirstContact } from "./first-contact.ts";
import { Inbox } from "./inbox.ts";
import { foldLateFacts } from "./late-facts.ts";
import { PartitionTimer } from "./partition-timer.ts";
import { PoisonWatch } from "./poison-watch.ts";
import { touchedRows } from "./touched.ts";
import type { CommittedBatch } from "./traces.ts";
import { untilRead } from "./until-read.ts";

const RETRY_FIRST_MS = 20;

export interface RunnerShell {
  readonly clock: Clock;
  readonly store: EngineStore;
  readonly committer: Committer;
  context(now: number): Context;
  refreshTradingState(): Promise<void>;
  /** The broker refuses the account's keys. */
  isShutOut(accountId: AccountId): boolean;
  takeTokens(accountId: AccountId, count: number): void;
  giveBackTokens(accountId: AccountId, count: number): void;
  /** The outcome of a call is committed. */
  heard(accountId: AccountId, outcome: CallOutcome): void;
  /** What was read of the account is committed. */
  seen(accountId: AccountId, view: BrokerView): void;
  /** The commit is durable: do what it asked for. */
  perform(effect: Effect): void;
  /** Numbers up to these are decided: their stream entries can go. */
  decided(partition: number, signals: number, commands: number): void;
  /** Events were committed: whoever follows the log may look. */
  committed(batch: CommittedBatch): void;
  fault(holder: PartitionHolder, reason: string, error: unknown): void;
  retrying(partition: number, cause: unknown): void;
}

export type StopReason = "handed_over" | "fenced" | "faulted";

export class PartitionRunner {
  readonly partition: number;
  readonly epoch: number;
  readonly #shell: RunnerShell;
  #book: Book;
  #inbox: Inbox;
  readonly #contact: FirstContact;
  readonly #poison: PoisonWatch;
  #knownSeq: number;
  #batchLimit = MAX_BATCH;
  #stopping: StopReason | null = null;
  #leaving = false;
  #busy = false;
  readonly #timer: PartitionTimer;

  private constructor(lease: { partition: number; epoch: number }, book: Book, shell: RunnerShell) {
    this.partition = lease.partition;
    this.epoch = lease.epoch;
    this.#shell = shell;
    this.#book = book;
    this.#knownSeq = book.seq;
    this.#timer = new PartitionTimer(shell.clock, () => this.tick());
    this.#poison = new PoisonWatch(shell.clock, (effect) => shell.perform(effect));
    this.#contact = new FirstContact({
      clock: shell.clock,
      account: (id) => this.#book.accounts.get(id),
      isShutOut: (id) => shell.isShutOut(id),
      onOver: () => this.#inbox.wake(),
    });
    this.#inbox = new Inbox(
      { signals: book.decidedSignals, commands: book.decidedCommands },
      (accountId) => this.#contact.waitsFor(accountId),
    );
    for (const id of book.accounts.keys()) this.#contact.expect(id);
  }

  static async load(
    lease: { readonly partition: number; readonly epoch: number },
    shell: RunnerShell,
  ): Promise<PartitionRunner> {
    return new PartitionRunner(lease, await shell.store.loadBook(lease.partition), shell);
  }

  /** Read-only for everyone else: status pages and the reconciler look at it. */
  get book(): Book {
    return this.#book;
  }

  /** How far the log had come when the record was last read or written by us. */
  get knownSeq(): number {
    return this.#knownSeq;
  }

  get inbox(): Inbox {
    return this.#inbox;
  }

  /** Nothing new is taken up any more. */
  get isLeaving(): boolean {
    return this.#leaving || this.#stopping !== null;
  }

  /** Nothing new is begun; answers of what is on its way are still decided. */
  leave(): void {
    this.#leaving = true;
    this.#inbox.takeFactsOnly();
  }

  get isIdle(): boolean {
    return !this.#busy && this.#inbox.isEmpty;
  }

  stop(reason: StopReason): void {
    this.#stopping ??= reason;
    this.#timer.stop();
    this.#inbox.wake();
  }

  /** Settles the past, then decides until stopped. Resolves with why it ended. */
  async run(): Promise<StopReason> {
    try {
      await this.#decideUntilStopped();
    } catch (error: unknown) {
      this.#fail("the partition's book is broken", error);
    }
    this.#contact.stop();
    this.#poison.stop();
    this.#timer.stop();
    return this.#stopping ?? "faulted";
  }

  async #decideUntilStopped(): Promise<void> {
    this.#settlePast();
    this.#timer.arm(this.#book, this.#context(), null);
    this.#tickWaiting();
    while (this.#stopping === null) {
      await this.#inbox.whenReady(this.#shell.clock);
      if (this.#stopping !== null) break;
      this.#busy = true;
      await this.#turn();
      this.#busy = false;
    }
  }

  #settlePast(): void {
    awaitEarlierAnswers(this.#book);
    for (const effect of recoveryEffects(this.#book, this.#context())) this.#poison.perform(effect);
  }

  /** An account that was made since the book was loaded. */
  addAccount(account: Account): void {
    if (!this.#book.accounts.has(account.id)) {
      this.#book.accounts.set(account.id, createAccountBook(account));
      this.#contact.expect(account.id);
    }
  }

  /** Every account of the partition looks at its held orders and deadlines. */
  tick(): void {
    for (const accountId of this.#book.accounts.keys())
      this.#inbox.offerFact({ kind: "tick", accountId });
  }

  /**
   * The look that a commit asks for is lost with the process that made it, or with its reply: nobody else
   * would tell what is held that it may go, nor begin the trading day behind a view.
   */
  #tickWaiting(): void {
    for (const [accountId, { equity, day, held }] of this.#book.accounts) {
      const isDayDue = equity !== null && day === null;
      if (isDayDue || held.size > 0) this.#inbox.offerFact({ kind: "tick", accountId });
    }
  }

  async #turn(): Promise<void> {
    const takenAt = this.#shell.clock.monotonic();
    const taken = this.#inbox.take(this.#batchLimit);
    const inputs = this.#poison.sift(taken);
    // What is left out was told, and whoever waits for it waits no longer.
    if (inputs.length < taken.length) this.#heard(taken.filter((each) => !inputs.includes(each)));
    tidyBook(this.#book, this.#shell.clock.now());
    try {
      await this.#loadNamed(inputs);
      const prepared = this.#decide(inputs);
      await foldLateFacts(this.#book, prepared.events, this.#shell.store);
      await this.#finish(inputs, prepared, takenAt);
    } catch (error: unknown) {
      await this.#recover(inputs, error);
    }
  }

  #decide(inputs: readonly Input[]): PreparedBatch {
    const context = this.#context();
    const { takeTokens } = this.#shell;
    const prepared = decideBatch({
      book: this.#book,
      inputs,
      poison: this.#poison.suspects,
      context,
      takeTokens,
    });
    this.#timer.arm(this.#book, context, { inputs, events: prepared.events });
    return prepared;
  }

  async #finish(inputs: readonly Input[], prepared: PreparedBatch, takenAt: number): Promise<void> {
    if (prepared.events.length > 0) {
      const result = await this.#commit(prepared);
      if (result.result !== "committed") {
        await this.#notCommitted(inputs, result);
        return;
      }
      const { partition } = this;
      const committedAt = this.#shell.clock.monotonic();
      const { events } = prepared;
      this.#shell.committed({ partition, inputs, events, takenAt, committedAt });
    }
    this.#knownSeq = this.#book.seq;
    this.#batchLimit = nextBatchSize(inputs.length, this.#shell.clock.monotonic() - takenAt);
    this.#poison.committed(inputs, prepared.events);
    for (const step of prepared.steps) {
      if (step.kind === "heard") this.#shell.heard(step.accountId, step.outcome);
      else if (step.kind === "seen") this.#shell.seen(step.accountId, step.view);
      else this.#poison.perform(step);
    }
    for (const accountId of prepared.tickDue) this.#inbox.offerFact({ kind: "tick", accountId });
    this.#shell.decided(this.partition, this.#book.decidedSignals, this.#book.decidedCommands);
  }

  async #commit(prepared: PreparedBatch): Promise<CommitResult> {
    const { orders, positions } = touchedRows(this.#book, prepared.events);
    let committed = false;
    try {
      const result = await this.#shell.committer.commit(this.#part(prepared, orders, positions));
      committed = result.result === "committed";
      return result;
    } finally {
      if (!committed) this.#giveBack(prepared);
    }
  }

  #part(
    prepared: PreparedBatch,
    orders: PartitionCommit["orders"],
    positions: PartitionCommit["positions"],
  ): PartitionCommit {
    return {
      partition: this.partition,
      epoch: this.epoch,
      afterSeq: prepared.afterSeq,
      events: prepared.events,
      decidedSignals: this.#book.decidedSignals,
      decidedCommands: this.#book.decidedCommands,
      orders,
      positions,
      tradingVersion: prepared.tradingVersion,
    };
  }

  async #notCommitted(inputs: readonly Input[], result: CommitResult): Promise<void> {
    if (result.result === "fenced") {
      this.stop("fenced");
      return;
    }
    await this.#shell.refreshTradingState();
    await this.#reload(inputs);
  }

  /**
   * Poison is set aside; a batch that the store refuses is halved until its input is found. Nothing is
   * held against an input that was decided on a book which somebody else had moved on meanwhile.
   */
  async #recover(inputs: readonly Input[], error: unknown): Promise<void> {
    const suspect = this.#suspectIn(inputs, error);
    const before = this.#knownSeq;
    if (suspect === null) this.#shell.retrying(this.partition, error);
    if (!isPassing(error)) this.#poison.slowViews(this.#book);
    await this.#reload(inputs);
    if (isPassing(error)) this.#tickWaiting();
    if (suspect === null || this.#stopping !== null) return;
    if (this.#book.seq !== before) {
      this.#shell.retrying(this.partition, new StaleBook(error));
      return;
    }
    const verdict = this.#poison.blame(suspect, this.#book);
    if (verdict.result === "hopeless") {
      this.#fail("the partition's book is broken", error);
      return;
    }
    if (verdict.result === "taken_apart") this.#inbox.putBack(verdict.parts);
    this.#shell.retrying(this.partition, error);
  }

  /** Null when the fault passes, or when the batch has to be halved to tell. */
  #suspectIn(inputs: readonly Input[], error: unknown): Input | null {
    if (error instanceof PoisonFound) return error.input;
    if (isPassing(error)) return null;
    const [first] = inputs;
    if (inputs.length === 1 && first !== undefined) return first;
    this.#batchLimit = Math.max(1, Math.floor(inputs.length / 2));
    return null;
  }

  /** Until the record answers again. Inputs decided by a commit whose reply was lost are recognised. */
  async #reload(inputs: readonly Input[]): Promise<void> {
    const book = await untilRead(() => this.#shell.store.loadBook(this.partition), {
      ...{ holder: this.#holder, shell: this.#shell, firstPauseMs: RETRY_FIRST_MS },
      isWanted: () => this.#stopping === null,
    });
    if (book === "faulted") this.stop("faulted");
    if (book === "faulted" || book === null) return;
    this.#book = book;
    this.#knownSeq = book.seq;
    this.#inbox.putBack(inputs);
    try {
      // The commit may have happened with its reply lost: its intents are settled like any other's.
      this.#settlePast();
    } catch (error: unknown) {
      this.#fail("the book cannot be loaded", error);
    }
  }

  get #holder(): PartitionHolder {
    return { partition: this.partition, epoch: this.epoch };
  }

  #fail(reason: string, error: unknown): void {
    this.#shell.fault(this.#holder, reason, error);
    this.stop("faulted");
  }

  /** Closed orders that late facts name come back into the book before anything is decided. */
  async #loadNamed(inputs: readonly Input[]): Promise<void> {
    for (const input of inputs) {
      const needed = namesNeeded(this.#book, input);
      if (needed === null) continue;
      const { accountId, ...names } = needed;
      adoptLoadedOrders(
        this.#book,
        accountId,
        await this.#shell.store.loadOrders(accountId, names),
      );
    }
  }

  #giveBack(prepared: PreparedBatch): void {
    for (const [accountId, count] of prepared.tokensTaken)
      this.#shell.giveBackTokens(accountId, count);
  }

  #heard(inputs: readonly Input[]): void {
    for (const input of inputs) {
      if (input.kind === "outcome") this.#shell.heard(input.accountId, input.outcome);
    }
  }

  #context(): Context {
    return this.#shell.context(this.#shell.clock.now());
  }
}

/** The log had gone on without this worker: it was paused longer than its lease, say. */
class StaleBook extends Error {
  override readonly name = "StaleBook";
  constructor(cause: unknown) {
    super("decided on a book that another holder has moved on", { cause });
  }
}
