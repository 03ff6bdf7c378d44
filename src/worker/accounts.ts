// What each account needs while its partition is here: a gateway for what leaves, a session for what
// comes back, and the budget and circuit that both share.
import type { Account, AccountBook, Context, Input } from "../domain/book.ts";
import type { BrokerCall, BrokerTraits, BrokerView, CallOutcome } from "../domain/broker.ts";
import type { BrokerOrderId, InstrumentId } from "../domain/ids.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { SettledOrder } from "../domain/order/settled.ts";
import { BrokerRateLimited, type BrokerAccountPort } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { Tracer } from "../ports/tracing.ts";
import { AccountSession } from "./account-session.ts";
import { Circuit } from "./circuit.ts";
import { BrokerGateway } from "./gateway.ts";
import { RateBudget } from "./rate-budget.ts";
import type { WorkerSink } from "./sink.ts";

export interface AccountOptions {
  readonly requestsPerMinute: number;
  readonly callTimeoutMs: number;
  readonly maxConcurrentCalls: number;
  readonly reconcileEveryMs: number;
}

export interface AccountShell {
  readonly clock: Clock;
  readonly sink: WorkerSink;
  readonly options: AccountOptions;
  readonly tracer: Tracer | null;
  instrument(id: InstrumentId): Instrument | undefined;
  leaseRemainingMs(): number;
  book(): AccountBook | null;
  logSeq(): number;
  settled(ids: readonly BrokerOrderId[]): Promise<readonly SettledOrder[]>;
  offer(input: Input): void;
}

export class AccountRuntime {
  readonly account: Account;
  readonly traits: BrokerTraits;
  readonly budget: RateBudget;
  readonly #circuit = new Circuit();
  readonly #port: BrokerAccountPort;
  readonly #shell: AccountShell;
  readonly #gateway: BrokerGateway;
  readonly #session: AccountSession;
  #disarmBudget: (() => void) | null = null;
  #disarmProbe: (() => void) | null = null;
  #shutOut = false;
  /** Of the probe under way; aborted for good once stopped. */
  readonly #stopped = new AbortController();

  constructor(account: Account, port: BrokerAccountPort, shell: AccountShell) {
    const { clock, options, sink } = shell;
    this.account = account;
    this.traits = port.traits;
    this.#port = port;
    this.#shell = shell;
    this.budget = new RateBudget(options.requestsPerMinute, clock.now());
    this.#gateway = new BrokerGateway({
      port,
      clock,
      budget: this.budget,
      circuit: this.#circuit,
      callTimeoutMs: options.callTimeoutMs,
      maxConcurrent: options.maxConcurrentCalls,
      instrument: shell.instrument,
      leaseRemainingMs: shell.leaseRemainingMs,
      onOutcome: (outcome) => this.#answered(outcome),
      tracer: shell.tracer,
      onTiming: ({ kind, orderId }, timing) =>
        sink.brokerCall({
          ...timing,
          ...{ broker: account.broker, accountId: account.id, orderId, kind },
        }),
      onChange: () => this.#reachabilityChanged(),
    });
    this.#session = this.#openSession();
  }

  #openSession(): AccountSession {
    const { clock, sink, options, book, logSeq, settled, offer } = this.#shell;
    const accountId = this.account.id;
    return new AccountSession({
      port: this.#port,
      clock,
      budget: this.budget,
      reconcileEveryMs: options.reconcileEveryMs,
      ...{ book, logSeq, settled },
      onReport: (report) => {
        offer({ kind: "report", report });
        sink.brokerReport(this.account.broker, report.kind);
      },
      onView: (view) => offer({ kind: "view", accountId, view }),
      onUnreadable: (raw, cause) => sink.unreadable(accountId, raw, cause),
      onState: (event, detail) => {
        sink.session(accountId, event, detail);
        if (event === "reconciled") this.#shutOut = false;
        if (event === "credentials_refused") {
          this.#shutOut = true;
          // Whoever waits for this account waits in vain.
          this.#tick();
          sink.alarm(event, `The broker refuses the keys of account ${accountId}: ${detail}`, null);
        }
      },
    });
  }

  start(): void {
    this.#session.start();
  }

  /** What a decision may know of this account's broker. */
  view(): ReturnType<Context["broker"]> {
    const tokens = this.budget.forOrders(this.#shell.clock.now());
    if (tokens <= 0) this.#tickWhenBudgetReturns();
    return { traits: this.traits, tokens, up: this.#circuit.isUp };
  }

  dispatch(call: BrokerCall, traceParent: string | null): void {
    this.#gateway.dispatch(call, traceParent);
  }

  /** What waits to be sent is decided anew. */
  recall(): void {
    this.#gateway.recall();
  }

  heard(outcome: CallOutcome): void {
    this.#gateway.heard(outcome);
  }

  seen(view: BrokerView): void {
    this.#session.seen(view);
  }

  reconcileSoon(): void {
    this.#session.reconcileSoon();
  }

  status() {
    const now = this.#shell.clock.now();
    return {
      accountId: this.account.id,
      broker: this.account.broker,
      up: this.#circuit.isUp,
      callsInFlight: this.#gateway.inFlight,
      callsWaiting: this.#gateway.waiting,
      budgetForOrders: this.budget.forOrders(now),
      budgetForUrgent: this.budget.forUrgent(now),
      ...this.#session.status(),
    };
  }

  /** The broker refuses its keys. */
  get isShutOut(): boolean {
    return this.#shutOut;
  }

  /** Nothing is on its way to the broker. */
  get isIdle(): boolean {
    return this.#gateway.inFlight === 0 && this.#gateway.waiting === 0;
  }

  /** Hangs up at once: the partition is not ours any more. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#gateway.abort();
    this.#disarmBudget?.();
    this.#disarmProbe?.();
    await this.#session.stop();
  }

  #answered(outcome: CallOutcome): void {
    this.#shell.offer({
      kind: "outcome",
      accountId: this.account.id,
      outcome,
      at: this.#shell.clock.now(),
    });
  }

  #tick(): void {
    this.#shell.offer({ kind: "tick", accountId: this.account.id });
  }

  /** Orders held for the budget are looked at again when the window turns. */
  #tickWhenBudgetReturns(): void {
    if (this.#disarmBudget !== null) return;
    const { clock } = this.#shell;
    this.#disarmBudget = clock.after(this.budget.waitForOrder(clock.now()), () => {
      this.#disarmBudget = null;
      this.#tick();
    });
  }

  #reachabilityChanged(): void {
    this.#shell.sink.reachability(this.account.id, this.#circuit.isUp);
    if (this.#circuit.isUp) {
      this.#session.reconcileSoon();
      this.#tick();
    } else {
      this.#probe();
    }
  }

  /** While the broker is away nothing is sent that could tell us that it is back, so we ask. */
  #probe(): void {
    const { clock } = this.#shell;
    const at = this.#circuit.probeAt();
    if (at === null || this.#stopped.signal.aborted) return;
    // Timers may fire a millisecond early, and a probe that comes too early asks nothing.
    const waitMs = Math.max(1, Math.ceil(at - clock.monotonic()) + 1);
    this.#disarmProbe?.();
    this.#disarmProbe = clock.after(waitMs, () => void this.#askForLife());
  }

  #livesAgain(): void {
    if (this.#stopped.signal.aborted) return;
    if (this.#circuit.succeeded()) this.#reachabilityChanged();
  }

  async #askForLife(): Promise<void> {
    const { clock, options } = this.#shell;
    if (!this.#circuit.mayProbe(clock.monotonic())) return;
    const controller = new AbortController();
    const giveUp = () => controller.abort();
    const disarm = clock.after(options.callTimeoutMs, giveUp);
    this.#stopped.signal.addEventListener("abort", giveUp, { once: true });
    try {
      await this.#port.account({
        signal: controller.signal,
        onRequest: () => this.budget.take(1, clock.now()),
      });
      this.#livesAgain();
    } catch (error: unknown) {
      if (error instanceof BrokerRateLimited) {
        this.budget.block(error.retryAt, clock.now());
        this.#livesAgain();
        return;
      }
      this.#circuit.failed(clock.monotonic());
      this.#probe();
    } finally {
      disarm();
      this.#stopped.signal.removeEventListener("abort", giveUp);
    }
  }
}
