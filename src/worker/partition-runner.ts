// The one writer of a partition. Four modes: loading (the book comes from the record, the past is
// settled with the broker), running (take, decide, commit, effects, again), reloading (a commit did not
// happen, so the book in memory is worth nothing) and stopped (fenced, handed over, or faulted). While it runs,
// the batch behind the one that is being committed may be decided already; its commit waits for that one's.
import { namesNeeded, recoveryEffects } from "../domain/decide.ts";
import { awaitEarlierAnswers, tidyBook } from "../domain/apply.ts";
import { createAccountBook } from "../domain/new-book.ts";
import type { Account, Book, Context, Input } from "../domain/book.ts";
import { restBehind } from "../ports/company.ts";
import {
  isPassing,
  NeverAccepted,
  type CommitResult,
  type PartitionHolder,
} from "../ports/store.ts";
import { nextBatchSize } from "./batch-size.ts";
import { decideBatch, PoisonFound } from "./batch.ts";
import { FirstContact } from "./first-contact.ts";
import { Inbox } from "./inbox.ts";
import { foldLateFacts } from "./late-facts.ts";
import { loadNamed } from "./load-named.ts";
import { PartitionTimer } from "./partition-timer.ts";
import { PoisonWatch } from "./poison-watch.ts";
import type { RunnerShell } from "./runner-shell.ts";
import { attempt, partOf, progressOf, turnOf } from "./turn.ts";
import type { Decided, Progress, Turn } from "./turn.ts";
import { UnderWay } from "./under-way.ts";
import { untilRead } from "./until-read.ts";

const RETRY_FIRST_MS = 20;

export type StopReason = "handed_over" | "fenced" | "faulted";

export class PartitionRunner {
  readonly partition: number;
  readonly epoch: number;
  readonly #shell: RunnerShell;
  #book: Book;
  #inbox: Inbox;
  readonly #contact: FirstContact;
  readonly #poison: PoisonWatch;
  #progress: Progress;
  #finishedAt = Number.NEGATIVE_INFINITY;
  #restUntil = Number.NEGATIVE_INFINITY;
  #batchLimit: number;
  #stopping: StopReason | null = null;
  #leaving = false;
  #busy = false;
  readonly #timer: PartitionTimer;

  private constructor(lease: { partition: number; epoch: number }, book: Book, shell: RunnerShell) {
    this.partition = lease.partition;
    this.epoch = lease.epoch;
    this.#shell = shell;
    this.#batchLimit = shell.maxBatch;
    this.#book = book;
    this.#progress = progressOf(book);
    this.#timer = new PartitionTimer(shell.clock, () => this.tick());
    this.#poison = new PoisonWatch(shell.clock, (effect) => shell.perform(effect));
    this.#contact = new FirstContact({
      clock: shell.clock,
      account: (id) => this.#book.accounts.get(id),
      isShutOut: (id) => shell.isShutOut(id),
      isUp: (id) => shell.isUp(id),
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

  /** How far the record had come when it was last read or written by us. */
  get progress(): Progress {
    return this.#progress;
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
    let next: Turn | null = null;
    while (this.#stopping === null) {
      if (next === null) await this.#inbox.whenReady(this.#shell.clock, this.#restUntil);
      if (this.#stopping !== null) break;
      this.#busy = true;
      next = await this.#turn(next ?? this.#take());
      this.#busy = next !== null;
    }
    this.#giveBack(next);
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

  /** What is taken is in a turn, whatever happens: it is decided, or put back. */
  #take(): Turn {
    const turn = turnOf(this.#inbox.take(this.#batchLimit), this.#shell.clock.monotonic());
    attempt(turn, () => {
      const taken = turn.inputs;
      turn.inputs = this.#poison.sift(taken);
      // What is left out was told, and whoever waits for it waits no longer.
      if (turn.inputs.length < taken.length)
        this.#heard(taken.filter((each) => !turn.inputs.includes(each)));
      tidyBook(this.#book, this.#shell.clock.now());
    });
    return turn;
  }

  /** Until it is durable and done. Resolves with the next one, if that was begun meanwhile. */
  async #turn(turn: Turn): Promise<Turn | null> {
    let next: Turn | null = null;
    try {
      if (turn.failure !== null) throw turn.failure;
      if (turn.decided === null) await loadNamed(this.#book, turn.inputs, this.#shell.store);
      const decided = (turn.decided ??= this.#decide(turn.inputs));
      await foldLateFacts(this.#book, decided.prepared.events, this.#shell);
      const commit = new UnderWay(this.#commit(decided));
      next = await this.#goAhead(commit);
      const result = await commit.result;
      if (result === null || result.result === "committed") {
        // On record: what it sends is sent, whatever fails from here on.
        turn.decided = null;
        this.#finish(turn, decided);
        return next;
      }
      this.#giveBack(turn, next);
      await this.#notCommitted(turn, next, result);
    } catch (error: unknown) {
      this.#giveBack(turn, next);
      await this.#recover(turn, next, error);
    }
    return null;
  }

  /**
   * When a whole batch waits, it is decided while the one before it is committed; a smaller one would keep out
   * what comes until then. It is only begun where it is on record what the inputs name.
   */
  async #goAhead(commit: UnderWay<unknown>): Promise<Turn | null> {
    if (!this.#isPressed) return null;
    // The commit leaves this process first.
    await new Promise<void>((resolve) => this.#shell.clock.after(0, resolve));
    if (commit.isOver || !this.#isPressed) return null;
    const turn = this.#take();
    attempt(turn, () => {
      const isNamed = turn.inputs.some((input) => namesNeeded(this.#book, input) !== null);
      if (!isNamed) turn.decided = this.#decide(turn.inputs);
    });
    return turn;
  }

  get #isPressed(): boolean {
    if (this.#stopping !== null || !this.#poison.isQuiet) return false;
    return this.#inbox.holds(this.#batchLimit);
  }

  #decide(inputs: readonly Input[]): Decided {
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
    return { prepared, progress: progressOf(this.#book) };
  }

  #finish({ inputs, takenAt }: Turn, { prepared, progress }: Decided): void {
    const { clock } = this.#shell;
    const { partition } = this;
    const { events } = prepared;
    if (events.length > 0) {
      const committedAt = clock.monotonic();
      this.#shell.committed({ partition, inputs, events, takenAt, committedAt });
    }
    this.#progress = progress;
    this.#pace(inputs.length, takenAt);
    this.#poison.committed(inputs, events);
    for (const step of prepared.steps) {
      if (step.kind === "heard") this.#shell.heard(step.accountId, step.outcome);
      else if (step.kind === "seen") this.#shell.seen(step.accountId, step.view);
      else this.#poison.perform(step);
    }
    for (const accountId of prepared.tickDue) this.#inbox.offerFact({ kind: "tick", accountId });
    this.#shell.decided(partition, progress.signals, progress.commands);
  }

  /** The size of the next batch and the rest before it, by what this one took, of which none else had a part. */
  #pace(inputs: number, takenAt: number): void {
    const now = this.#shell.clock.monotonic();
    const elapsedMs = now - Math.max(takenAt, this.#finishedAt);
    this.#finishedAt = now;
    this.#batchLimit = nextBatchSize(inputs, elapsedMs, this.#shell.maxBatch);
    this.#restUntil = this.#isPressed ? now : now + restBehind(elapsedMs);
  }

  /** Null where there is nothing to write. */
  async #commit(decided: Decided): Promise<CommitResult | null> {
    if (decided.prepared.events.length === 0) return null;
    return this.#shell.committer.commit(partOf(this.#holder, decided, this.#book));
  }

  async #notCommitted(turn: Turn, next: Turn | null, { result }: CommitResult): Promise<void> {
    if (result === "fenced") {
      this.stop("fenced");
      return;
    }
    await this.#shell.refreshTradingState();
    await this.#reload([turn, next]);
  }

  /**
   * Poison is set aside; a batch that the store refuses is halved until its input is found. Nothing is
   * held against an input that was decided on a book which somebody else had moved on meanwhile.
   */
  async #recover(turn: Turn, next: Turn | null, error: unknown): Promise<void> {
    if (error instanceof NeverAccepted) {
      await this.#readRecord(turn, next, error);
      return;
    }
    const suspect = this.#suspectIn(turn.inputs, error);
    const before = this.#progress.seq;
    if (suspect === null) this.#shell.retrying(this.partition, error);
    if (!isPassing(error)) this.#poison.slowViews(this.#book);
    await this.#reload([turn, next]);
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

  /** Of what was decided something is in no row: whoever wrote it to the stream, it is none of ours. */
  async #readRecord(turn: Turn, next: Turn | null, error: NeverAccepted): Promise<void> {
    this.#shell.retrying(this.partition, error);
    const facts = [turn, next].flatMap((each) => each?.inputs ?? []).filter(isFact);
    await this.#reload([turnOf(facts, this.#shell.clock.monotonic())]);
    if (this.#stopping !== null) return;
    this.#inbox.startAgain(this.#progress);
    this.#shell.distrust(this.partition);
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
  async #reload(turns: readonly (Turn | null)[]): Promise<void> {
    const book = await untilRead(() => this.#shell.store.loadBook(this.partition), {
      ...{ holder: this.#holder, shell: this.#shell, firstPauseMs: RETRY_FIRST_MS },
      isWanted: () => this.#stopping === null,
    });
    if (book === "faulted") this.stop("faulted");
    if (book === "faulted" || book === null) return;
    this.#book = book;
    this.#progress = progressOf(book);
    this.#inbox.putBack(turns.flatMap((turn) => turn?.inputs ?? []));
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

  /** What they would have sent is not sent; of each once. */
  #giveBack(...turns: readonly (Turn | null)[]): void {
    for (const turn of turns) {
      for (const [accountId, count] of turn?.decided?.prepared.tokensTaken ?? [])
        this.#shell.giveBackTokens(accountId, count);
      if (turn !== null) turn.decided = null;
    }
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

const isFact = ({ kind }: Input): boolean => kind !== "signal" && kind !== "command";

/** The log had gone on without this worker: it was paused longer than its lease, say. */
class StaleBook extends Error {
  override readonly name = "StaleBook";
  constructor(cause: unknown) {
    super("decided on a book that another holder has moved on", { cause });
  }
}
