// What waits for a partition's decision: commands first, then what the broker said and what time
// brought, then signals. Bounded where the sender can wait (signals, commands: they stay in the stream
// and the record); facts from the broker are never turned away.
import type { Input } from "../domain/book.ts";
import type { Command } from "../domain/command.ts";
import type { AccountId } from "../domain/ids.ts";
import type { Signal } from "../domain/signal.ts";
import type { UnreadableCommand, UnreadableSignal } from "../domain/unreadable.ts";
import type { Clock } from "../ports/clock.ts";
import { COMPANY } from "../ports/company.ts";
import { LaneQueue } from "./lane-queue.ts";

export const SIGNAL_CAPACITY = 4_000;
export const COMMAND_CAPACITY = 1_000;

/** The broker's answer, its word of the order and the fill come within about this: one commit for all three. */
const COMPANY_MS = 1;

export class Inbox {
  readonly signals: LaneQueue<Signal | UnreadableSignal>;
  readonly commands: LaneQueue<Command | UnreadableCommand>;
  #facts: Input[] = [];
  /** Accounts of which a tick waits among the facts: another one would say the same. */
  readonly #ticking = new Set<AccountId>();
  #wait: { readonly isOver: () => boolean; readonly end: () => void } | null = null;
  /** Since `whenReady` was called. */
  #isWoken = false;
  #factsOnly = false;
  readonly #mustWait: (accountId: AccountId) => boolean;

  /** A signal of an account that must wait holds up those behind it: signals are decided in their order. */
  constructor(
    decided: { readonly signals: number; readonly commands: number },
    mustWait: (accountId: AccountId) => boolean = () => false,
  ) {
    this.#mustWait = mustWait;
    this.signals = new LaneQueue(decided.signals, SIGNAL_CAPACITY);
    this.commands = new LaneQueue(decided.commands, COMMAND_CAPACITY);
  }

  offerSignal(signal: Signal | UnreadableSignal): void {
    this.signals.offer(signal);
    this.#changed();
  }

  offerCommand(command: Command | UnreadableCommand): void {
    this.commands.offer(command);
    this.#changed();
  }

  /** A report, an outcome, a view or a tick. */
  offerFact(input: Input): void {
    if (input.kind === "tick") {
      if (this.#factsOnly || this.#ticking.has(input.accountId)) return;
      this.#ticking.add(input.accountId);
    }
    this.#facts.push(input);
    this.#changed();
  }

  get isEmpty(): boolean {
    return this.#facts.length === 0 && (this.#factsOnly || !this.#holdsWork);
  }

  /** Nothing is gained by waiting; what the broker says can bear a moment, until there is enough of it. */
  get isUrgent(): boolean {
    if (this.#factsOnly || this.#ticking.size > 0) return true;
    return this.#holdsWork || this.#facts.length >= COMPANY;
  }

  get #holdsWork(): boolean {
    if (this.commands.size > 0) return true;
    const { first } = this.signals;
    return first !== undefined && !this.#mustWait(first.accountId);
  }

  /** So many could be taken. */
  holds(count: number): boolean {
    const takesAll = this.#holdsWork && !this.#factsOnly;
    return (takesAll ? this.depth : this.#facts.length) >= count;
  }

  /** Before a hand-over: answers still count, nothing new is begun; time stands still for the held. */
  takeFactsOnly(): void {
    this.#factsOnly = true;
    this.#facts = this.#facts.filter((input) => input.kind !== "tick");
    this.#ticking.clear();
    this.#changed();
  }

  get depth(): number {
    return this.#facts.length + this.signals.size + this.commands.size;
  }

  take(count: number): Input[] {
    if (this.#factsOnly) return this.#takeFacts(count);
    const batch: Input[] = this.commands
      .take(count)
      .map((command) => ({ kind: "command", command }));
    batch.push(...this.#takeFacts(Math.max(0, count - batch.length)));
    const room = Math.max(0, count - batch.length);
    const mayGo = ({ accountId }: { readonly accountId: AccountId }) => !this.#mustWait(accountId);
    for (const signal of this.signals.take(room, mayGo)) batch.push({ kind: "signal", signal });
    return batch;
  }

  /** What the stream brought is not what was accepted: it comes from the record, behind these numbers. */
  startAgain(decided: { readonly signals: number; readonly commands: number }): void {
    this.signals.reset(decided.signals);
    this.commands.reset(decided.commands);
  }

  /** The inputs of a batch that was not committed, in front of everything that came since. */
  putBack(batch: readonly Input[]): void {
    this.commands.putBack(
      batch.flatMap((input) => (input.kind === "command" ? [input.command] : [])),
    );
    this.signals.putBack(batch.flatMap((input) => (input.kind === "signal" ? [input.signal] : [])));
    const facts = batch.filter((input) => input.kind !== "command" && input.kind !== "signal");
    this.#facts = [...facts, ...this.#facts];
    for (const input of facts) if (input.kind === "tick") this.#ticking.add(input.accountId);
    this.#changed();
  }

  #takeFacts(count: number): Input[] {
    const facts = this.#facts.splice(0, count);
    for (const input of facts) if (input.kind === "tick") this.#ticking.delete(input.accountId);
    return facts;
  }

  /**
   * Resolves when there is something to take, or when `wake` is called; not before `restUntil`, unless a command
   * comes or company is there. What the broker says waits a moment for what belongs to it, unless enough of it is
   * here; a signal, a command or a tick takes it along at once.
   */
  async whenReady(
    clock: Pick<Clock, "after" | "monotonic">,
    restUntil: number = Number.NEGATIVE_INFINITY,
  ): Promise<void> {
    this.#isWoken = false;
    const restMs = restUntil - clock.monotonic();
    if (restMs > 0 && !this.#cannotRest) {
      await this.#until(() => this.#cannotRest, clock, restMs);
      // What came meanwhile has waited long enough.
      if (!this.isEmpty) return;
    }
    await this.#until(() => !this.isEmpty);
    if (!this.isEmpty) await this.#until(() => this.isUrgent, clock, COMPANY_MS);
  }

  get #cannotRest(): boolean {
    return this.#factsOnly || this.commands.size > 0 || this.holds(COMPANY);
  }

  /** Ends the wait that is under way, though nothing may be there. */
  wake(): void {
    this.#isWoken = true;
    this.#changed();
  }

  async #until(isOver: () => boolean, clock?: Pick<Clock, "after">, mostMs = 0): Promise<void> {
    if (this.#isWoken || isOver()) return;
    const ended = new Promise<void>((end) => (this.#wait = { isOver, end }));
    const disarm = clock?.after(mostMs, () => this.#wait?.end());
    await ended;
    this.#wait = null;
    disarm?.();
  }

  #changed(): void {
    if (this.#isWoken || this.#wait?.isOver() === true) this.#wait?.end();
  }
}
