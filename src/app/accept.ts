// Acceptance: what came in is committed with its idempotency key, then published, then answered. The
// hot path of the API, used the same way by every entrance.
import { encodeSignal } from "../domain/codec/signal.ts";
import type { AccountId } from "../domain/ids.ts";
import { partitionOf } from "../domain/partition.ts";
import type { BusProducer } from "../ports/bus.ts";
import type { Clock, IdSource } from "../ports/clock.ts";
import type { Tracer } from "../ports/tracing.ts";
import {
  AcceptQueueFull,
  CommitUnknown,
  StoreUnavailable,
  type Acceptance,
  type AcceptanceStore,
  type Accepted,
} from "../ports/store.ts";
import type { Admission } from "./admission.ts";
import { signalOf, type ComposedSignal } from "./compose-signal.ts";
import { fingerprintOf, keyMismatch } from "./fingerprint.ts";
import type { InProgress } from "./in-progress.ts";
import { Problem } from "./problem.ts";
import type { Sender } from "./sender.ts";
import { timeOf } from "./time-ordered-ids.ts";

export interface AcceptDeps {
  readonly store: AcceptanceStore;
  /** Null without Redis: the worker's sweep finds what was accepted. */
  readonly bus: BusProducer | null;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly partitions: number;
  readonly admission: Admission;
  readonly inProgress: InProgress;
  /** Null: no spans are recorded. */
  readonly tracer: Tracer | null;
}

/** What the sender says about repeating itself, and where the request comes from. */
export interface Envelope {
  readonly sender: Sender;
  /** Which kind of request a key belongs to: the same key may be used for a signal and a cancel. */
  readonly scope: string;
  /** The key names the same thing for everybody; else it is the sender's own. */
  readonly isForAll?: true;
  readonly key: string | null;
  readonly traceParent: string | null;
  /** When it was handed in, where that was before now: its age counts from then. */
  readonly handedInAt?: number;
}

export interface Receipt {
  readonly id: string;
  readonly receivedAt: number;
  readonly idempotent: boolean;
  readonly replayed: boolean;
}

export interface SignalToAccept {
  readonly composed: ComposedSignal;
  readonly envelope: Envelope;
}

/** Those of a partition that is set aside are refused by themselves: they would wait and grow old. */
export async function acceptSignals(
  deps: AcceptDeps,
  signals: readonly SignalToAccept[],
): Promise<readonly (Receipt | Problem)[]> {
  const { admission, partitions } = deps;
  if (!admission.hasSetAside) return acceptThese(deps, signals);
  const refusals = signals.map(({ composed: { account } }) =>
    admission.refusalFor(partitionOf(account.id, partitions)),
  );
  const receipts = await acceptThese(
    deps,
    signals.filter((_, index) => refusals[index] === null),
  );
  const next = receipts.values();
  return refusals.map((refusal) => {
    const answer = refusal ?? next.next().value;
    if (answer === undefined) throw new Error("a signal without an answer");
    return answer;
  });
}

function acceptThese(
  deps: AcceptDeps,
  signals: readonly SignalToAccept[],
): Promise<readonly (Receipt | Problem)[]> {
  return accept(
    deps,
    signals.map((each) => acceptanceOfSignal(deps, each)),
    "ordinary",
  );
}

/** Commits, publishes without waiting for it, and says of each what became of it. */
export async function accept(
  deps: AcceptDeps,
  batch: readonly Acceptance[],
  urgency: "ordinary" | "urgent",
): Promise<readonly (Receipt | Problem)[]> {
  const { admission, inProgress } = deps;
  return admission.run(batch.length, urgency, () =>
    inProgress.run(batch, async (free) => {
      const answers = await stored(deps, free);
      publish(deps, free, answers);
      return free.map((item, index) => receiptOf(item, answers[index]));
    }),
  );
}

/** The commit, with a span of its own where the request is traced. */
async function stored(
  { store, tracer }: AcceptDeps,
  batch: readonly Acceptance[],
): Promise<readonly Accepted[]> {
  const parent = batch[0]?.traceParent ?? null;
  if (tracer === null || parent === null) return store.accept(batch);
  const span = tracer.begin({ name: "accept", kind: "internal", parent });
  const attributes = { "fillstream.count": batch.length };
  try {
    const answers = await store.accept(batch);
    span.end({ attributes });
    return answers;
  } catch (error: unknown) {
    span.end({ attributes, failure: error instanceof Error ? error.name : "unknown" });
    throw error;
  }
}

export async function acceptOne(
  deps: AcceptDeps,
  item: Acceptance,
  urgency: "ordinary" | "urgent",
): Promise<Receipt> {
  const [answer] = await accept(deps, [item], urgency);
  if (answer === undefined) throw new Error("an acceptance without an answer");
  if (answer instanceof Problem) throw answer;
  return answer;
}

function acceptanceOfSignal(deps: AcceptDeps, { composed, envelope }: SignalToAccept): Acceptance {
  const id = deps.ids.next();
  const now = deps.clock.now();
  // A clock ahead of ours must not make anything younger than it is.
  const receivedAt = Math.min(envelope.handedInAt ?? now, now);
  const { actor } = envelope.sender;
  const { traceParent } = envelope;
  return envelopeOf(deps, envelope, {
    lane: "signals",
    id,
    accountId: composed.account.id,
    fingerprint: envelope.key === null ? "" : fingerprintOfSignal(composed),
    body: encodeSignal(signalOf(composed, { id, receivedAt, actor, traceParent })),
    receivedAt,
  });
}

/** The row around a body, the same for signals and commands. */
export function envelopeOf(
  deps: Pick<AcceptDeps, "partitions">,
  envelope: Envelope,
  row: Pick<Acceptance, "lane" | "id" | "fingerprint" | "body" | "receivedAt"> & {
    readonly accountId: AccountId;
  },
): Acceptance {
  const { sender, key, traceParent } = envelope;
  return {
    ...row,
    partition: partitionOf(row.accountId, deps.partitions),
    idempotency: key === null ? null : { scope: keyScopeOf(envelope), key },
    actor: sender.actor,
    traceParent,
  };
}

export function keyScopeOf({ sender, scope, isForAll }: Envelope): string {
  return isForAll === true ? scope : `${sender.actor}:${scope}`;
}

function fingerprintOfSignal(composed: ComposedSignal): string {
  const { wish } = composed;
  const { exits, ...terms } = wish.terms;
  return fingerprintOf({
    account: composed.account.id,
    symbol: composed.instrument.id,
    strategy: composed.strategyId,
    position: wish.kind === "position" ? wish.target : null,
    side: "side" in terms ? terms.side : null,
    qty: "quantity" in terms ? terms.quantity : null,
    notional: "notional" in terms ? terms.notional : null,
    type: terms.type,
    time_in_force: terms.timeInForce,
    limit_price: terms.limitPrice,
    stop_price: terms.stopPrice,
    trail_price: terms.trailPrice,
    trail_percent: terms.trailPercent,
    extended_hours: terms.extendedHours,
    take_profit: exits?.takeProfit ?? null,
    stop_loss: exits?.stopLoss ?? null,
    ...(exits?.alone === true && { order_class: "oco" }),
    reason: composed.reason,
    valid_until: composed.validUntil,
    on_market_closed: composed.onMarketClosed,
  });
}

export function publish(
  { bus }: Pick<AcceptDeps, "bus">,
  batch: readonly Acceptance[],
  answers: readonly Accepted[],
): void {
  if (bus === null) return;
  const messages = batch.flatMap(({ lane, partition, body }, index) => {
    const answer = answers[index];
    return answer?.result === "accepted" ? [{ lane, partition, body, number: answer.number }] : [];
  });
  // Whatever happens to it, the row is committed and the sweep finds it.
  if (messages.length > 0) bus.publish(messages).catch(() => undefined);
}

function receiptOf(item: Acceptance, answer: Accepted | undefined): Receipt | Problem {
  if (answer === undefined) throw new Error("an acceptance without an answer");
  if (answer.result === "conflict") return keyMismatch(item.fingerprint, answer.fingerprint);
  const replayed = answer.result === "replayed" && answer.id !== item.id;
  return {
    id: answer.id,
    receivedAt: replayed ? timeOf(answer.id) : item.receivedAt,
    idempotent: item.idempotency !== null,
    replayed,
  };
}

/** What a caller is told when the store could not answer; null for everything else. */
export function faultAsProblem(error: unknown): Problem | null {
  if (error instanceof StoreUnavailable) {
    return new Problem("store_unavailable", "Nothing was stored: PostgreSQL does not answer.", {
      retryAfterSeconds: 1,
    });
  }
  if (error instanceof AcceptQueueFull) {
    return new Problem("overloaded", `Nothing was stored: ${error.message}.`, {
      retryAfterSeconds: 1,
    });
  }
  if (error instanceof CommitUnknown) {
    return new Problem(
      "commit_unknown",
      "PostgreSQL went away during the commit: send it again with the same key to learn what became of it.",
      { retryAfterSeconds: 1 },
    );
  }
  return null;
}
