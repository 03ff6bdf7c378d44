// Acceptance: numbers without a gap, keys that answer again, and an order that everyone can rely on.
import { expect, it } from "vitest";
import { asId, type AccountId, type InstrumentId, type SignalId } from "../../../src/domain/ids.ts";
import { encodeCommand } from "../../../src/domain/codec/command.ts";
import { encodeSignal } from "../../../src/domain/codec/signal.ts";
import type { CommandId } from "../../../src/domain/ids.ts";
import type { Acceptance } from "../../../src/ports/store.ts";
import { TERMS } from "../../support/orders.ts";
import { AAPL, ACCOUNTS, MORNING, sourceId, type StoreUnderTest } from "./scene.ts";

type Under = () => StoreUnderTest["store"];

export function signalOf(n: number, partition = 0, key: string | null = null): Acceptance {
  const accountId = ACCOUNTS[partition]?.id ?? asId<AccountId>("nobody");
  const body = encodeSignal({
    id: asId<SignalId>(sourceId(n)),
    accountId,
    instrumentId: asId<InstrumentId>(AAPL),
    strategyId: null,
    wish: { kind: "trade", terms: TERMS },
    reason: `signal "${n}" with a \\ and a {brace}`,
    validUntil: null,
    onMarketClosed: null,
    receivedAt: MORNING,
    actor: "test",
    traceParent: null,
  });
  return {
    lane: "signals",
    id: sourceId(n),
    accountId,
    partition,
    idempotency: key === null ? null : { scope: "scope", key },
    fingerprint: "the same body",
    body,
    receivedAt: MORNING,
    actor: "test",
    traceParent: null,
  };
}

export function commandOf(n: number, partition = 0): Acceptance {
  const signal = signalOf(n, partition);
  return {
    ...signal,
    lane: "control",
    body: encodeCommand({
      id: asId<CommandId>(signal.id),
      accountId: signal.accountId,
      request: { kind: "flatten" },
      receivedAt: MORNING,
      actor: "test",
      traceParent: null,
    }),
  };
}

export function acceptanceCases(store: Under): void {
  it("numbers signals and commands without a gap in each partition", async () => {
    const batch = [signalOf(1), signalOf(2, 1), commandOf(3), signalOf(4), signalOf(5, 1)];
    const answers = await store().accept(batch);
    expect(answers.map((answer) => "number" in answer && answer.number)).toEqual([1, 1, 1, 2, 2]);
    const numbers = await store().acceptedNumbers([0, 1]);
    expect(numbers.get(0)).toEqual({ signals: 2, commands: 1 });
    expect(numbers.get(1)).toEqual({ signals: 2, commands: 0 });
  });

  it("gives back what it accepted, in order, from any number on", async () => {
    await store().accept([1, 2, 3, 4].map((n) => signalOf(n)));
    await store().accept([commandOf(5)]);
    const found = await store().signalsAfter(0, 1, 2);
    expect(found.map((signal) => [signal.number, signal.id])).toEqual([
      [2, sourceId(2)],
      [3, sourceId(3)],
    ]);
    expect(found[0]).toMatchObject({ reason: 'signal "2" with a \\ and a {brace}' });
    const [command] = await store().commandsAfter(0, 0, 10);
    expect(command).toMatchObject({ number: 1, request: { kind: "flatten" } });
  });

  it("answers a key that it has seen with what it made then, and stores nothing", async () => {
    const [first] = await store().accept([signalOf(1, 0, "k")]);
    const [again] = await store().accept([{ ...signalOf(2, 0, "k") }]);
    expect(first).toEqual({ result: "accepted", id: sourceId(1), number: 1 });
    expect(again).toEqual({ result: "replayed", id: sourceId(1), number: 1 });
    expect(await store().signalsAfter(0, 0, 10)).toHaveLength(1);
  });

  it("refuses a key with another body, and says which body it had", async () => {
    await store().accept([signalOf(1, 0, "k")]);
    const [answer] = await store().accept([{ ...signalOf(2, 0, "k"), fingerprint: "another" }]);
    expect(answer).toEqual({
      result: "conflict",
      id: sourceId(1),
      fingerprint: "the same body",
    });
    expect(await store().signalsAfter(0, 0, 10)).toHaveLength(1);
  });

  it("counts a key once within one batch", async () => {
    const answers = await store().accept([
      signalOf(1, 0, "k"),
      signalOf(2, 0, "other"),
      signalOf(3, 0, "k"),
    ]);
    expect(answers).toEqual([
      { result: "accepted", id: sourceId(1), number: 1 },
      { result: "accepted", id: sourceId(2), number: 2 },
      { result: "replayed", id: sourceId(1), number: 1 },
    ]);
  });

  it("keeps scopes apart: another sender may use the same key", async () => {
    const other = { ...signalOf(2), idempotency: { scope: "another", key: "k" } };
    const answers = await store().accept([signalOf(1, 0, "k"), other]);
    expect(answers.map((answer) => answer.result)).toEqual(["accepted", "accepted"]);
  });

  it("gives every number once when many accept at the same time", async () => {
    const batches = Array.from({ length: 8 }, (_, batch) =>
      Array.from({ length: 10 }, (__, n) => signalOf(batch * 10 + n + 1, n % 2, `key-${n}`)),
    );
    const answers = (await Promise.all(batches.map((batch) => store().accept(batch)))).flat();
    const accepted = answers.filter((answer) => answer.result === "accepted");
    expect(accepted).toHaveLength(10);
    expect(answers.filter((answer) => answer.result === "replayed")).toHaveLength(70);
    const found = await store().signalsAfter(0, 0, 100);
    expect(found.map((signal) => signal.number)).toEqual([1, 2, 3, 4, 5]);
  });
}
