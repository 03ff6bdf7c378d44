// Requests that no book can answer: for an account that is not here, or with a body that nobody can read.
// Each has an outcome all the same, and has it once.
import { describe, expect, it } from "vitest";
import type { DomainEvent } from "../../../src/domain/event.ts";
import { decide } from "../../../src/domain/decide.ts";
import type { Decision, Input } from "../../../src/domain/book.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { AccountId, StrategyId } from "../../../src/domain/ids.ts";
import { AAPL, ACCOUNT_ID, commandId, orderOf, Scene, signalId } from "./scene.ts";

const NOWHERE = asId<AccountId>("nowhere");
const STRATEGY = asId<StrategyId>("a");

const signal = (accountId: AccountId) => ({
  id: signalId(4),
  number: 4,
  accountId,
  actor: "desk",
  traceParent: null,
  unreadable: "no side",
  instrumentId: AAPL,
  strategyId: STRATEGY,
});
const command = (accountId: AccountId) => ({
  id: commandId(4),
  number: 4,
  accountId,
  actor: "desk",
  traceParent: null,
  unreadable: "no side",
});

const nothingElse = { effects: [], tokensUsed: 0, writesIntent: false, tick: false };

function answered(scene: Scene, id: string, accountId: AccountId, event: unknown) {
  const envelope = { accountId, at: scene.now, actor: "desk", correlationId: id, causationId: id };
  return { ...nothingElse, events: [{ ...envelope, event }] };
}

const signalRefused = (scene: Scene, code: string, message: string) => ({
  type: "SignalDecided",
  signalId: signalId(4),
  number: 4,
  instrumentId: AAPL,
  strategyId: STRATEGY,
  limitsVersion: scene.context.limits.version,
  outcome: "rejected",
  refusal: { code, message, by: "engine", numbers: {} },
  verdicts: [],
  mark: null,
  orderIds: [],
});
const commandRefused = (code: string, message: string) => ({
  type: "CommandDecided",
  commandId: commandId(4),
  number: 4,
  outcome: { result: "refused", code, message, orderIds: [] },
});

const ask = (scene: Scene, input: Input): Decision => decide(scene.book, input, scene.context);
const UNREADABLE =
  "This request cannot be read (no side); it was set aside for a person to look at.";
const UNKNOWN = "The account nowhere is not known here.";

describe("a request that cannot be read", () => {
  it("is refused as poison", () => {
    const scene = new Scene();
    expect(ask(scene, { kind: "signal", signal: signal(ACCOUNT_ID) })).toEqual(
      answered(scene, signalId(4), ACCOUNT_ID, signalRefused(scene, "poison", UNREADABLE)),
    );
    expect(ask(scene, { kind: "command", command: command(ACCOUNT_ID) })).toEqual(
      answered(scene, commandId(4), ACCOUNT_ID, commandRefused("poison", UNREADABLE)),
    );
  });

  it("is refused once", () => {
    const scene = new Scene();
    const inputs: Input[] = [
      { kind: "signal", signal: { ...signal(ACCOUNT_ID), number: 1 } },
      { kind: "command", command: { ...command(ACCOUNT_ID), number: 1 } },
    ];
    for (const input of inputs) {
      expect(scene.when(input)).toHaveLength(1);
      expect(scene.when(input)).toEqual([]);
    }
  });
});

describe("a request for an account that is not here", () => {
  const { unreadable: _why, ...head } = command(NOWHERE);
  const request = { ...head, receivedAt: 0, request: { kind: "reconcile" } } as const;

  it("is refused and says which account", () => {
    const scene = new Scene();
    const sent = scene.signalOf({ side: "buy", quantity: "1", number: 4, strategy: STRATEGY });
    const wish = { ...sent, accountId: NOWHERE, actor: "desk" };
    expect(ask(scene, { kind: "signal", signal: wish })).toEqual(
      answered(scene, signalId(4), NOWHERE, signalRefused(scene, "account_unavailable", UNKNOWN)),
    );
    expect(ask(scene, { kind: "command", command: request })).toEqual(
      answered(scene, commandId(4), NOWHERE, commandRefused("account_unavailable", UNKNOWN)),
    );
  });

  it("is refused once", () => {
    const scene = new Scene();
    const input: Input = { kind: "command", command: { ...request, number: 1 } };
    expect(scene.when(input)).toHaveLength(1);
    expect(scene.when(input)).toEqual([]);
  });
});

describe("what else is for an account that is not here", () => {
  it("a report is kept as it came", () => {
    const scene = new Scene();
    const report = {
      kind: "cancelled",
      accountId: NOWHERE,
      brokerOrderId: asId<never>("B"),
      reference: null,
      at: 1,
      snapshot: null,
    } as const;
    const event: DomainEvent = {
      type: "BrokerFactParked",
      description: "cancelled for an account that is not known here",
      raw: JSON.stringify(report),
      parked: null,
    };
    expect(ask(scene, { kind: "report", report })).toEqual({
      ...nothingElse,
      events: [
        {
          accountId: NOWHERE,
          at: scene.now,
          actor: "broker",
          correlationId: null,
          causationId: "B",
          event,
        },
      ],
    });
  });

  it("a view, a tick and the end of a call are nothing", () => {
    const scene = new Scene();
    const outcome = { kind: "lookup", orderId: orderOf(1), outcome: { result: "not_found" } };
    const inputs: Input[] = [
      { kind: "view", accountId: NOWHERE, view: scene.viewOf() },
      { kind: "tick", accountId: NOWHERE },
      { kind: "outcome", accountId: NOWHERE, outcome, at: 0 } as Input,
      { kind: "outcome", accountId: ACCOUNT_ID, outcome, at: 0 } as Input,
    ];
    for (const input of inputs) expect(ask(scene, input)).toEqual({ ...nothingElse, events: [] });
  });
});
