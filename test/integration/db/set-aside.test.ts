// A request that broke the core is a dead letter as well, with what was asked and why.
import { afterAll, beforeAll, expect, it } from "vitest";
import { listDeadLetters } from "../../../src/db/queries/inbox.ts";
import { encodeCommand } from "../../../src/domain/codec/command.ts";
import { encodeSignal } from "../../../src/domain/codec/signal.ts";
import { asId, type CommandId } from "../../../src/domain/ids.ts";
import type { Acceptance } from "../../../src/ports/store.ts";
import { poisonDecision } from "../../../src/worker/poison.ts";
import { AAPL, Desk, MORNING, sourceId } from "../../contract/store-cases/scene.ts";
import { TERMS } from "../../support/orders.ts";
import { openStore, type OpenStore } from "./desk.ts";
import { acceptedFirst } from "../../support/accepted-first.ts";

let store: OpenStore;
let desk: Desk;
beforeAll(async () => {
  store = await openStore();
  desk = await Desk.open(acceptedFirst(store.postgres), 0);
});
afterAll(() => store.close());

const rowOf = (row: Pick<Acceptance, "lane" | "id" | "body">): Acceptance => ({
  ...row,
  accountId: desk.account,
  partition: 0,
  idempotency: null,
  fingerprint: row.id,
  receivedAt: MORNING,
  actor: "bot",
  traceParent: null,
});

const letters = () =>
  listDeadLetters(
    store.postgres.queries,
    { accounts: [desk.account], unnamed: false, open: true },
    { limit: 10, after: null },
  );

it("a signal and a command that were set aside can be found among the dead letters", async () => {
  const head = { accountId: desk.account, receivedAt: MORNING, traceParent: null };
  const signal = {
    ...head,
    id: sourceId(1),
    instrumentId: AAPL,
    strategyId: null,
    wish: { kind: "trade" as const, terms: TERMS },
    reason: null,
    validUntil: null,
    onMarketClosed: null,
    actor: "bot",
  };
  const command = {
    ...head,
    id: asId<CommandId>(sourceId(2)),
    request: { kind: "reconcile" as const },
    actor: "operator",
  };
  await store.postgres.acceptance.accept([
    rowOf({ lane: "signals", id: signal.id, body: encodeSignal(signal) }),
    rowOf({ lane: "control", id: command.id, body: encodeCommand(command) }),
  ]);
  const book = await store.postgres.engine.loadBook(0);
  const decided = [
    poisonDecision({ kind: "signal", signal: { ...signal, number: 1 } }, book, MORNING),
    poisonDecision({ kind: "command", command: { ...command, number: 1 } }, book, MORNING),
  ];
  await desk.commit(...decided.flatMap(({ events }) => events.map(({ event }) => event)));

  const found = await letters();
  expect(found.map(({ source, entry, code }) => ({ source, entry, code }))).toEqual([
    { source: "commands", entry: command.id, code: "poison" },
    { source: "signals", entry: signal.id, code: "poison" },
  ]);
  const body: unknown = JSON.parse(found.find(({ source }) => source === "signals")?.body ?? "");
  expect(body).toMatchObject({ id: signal.id, instrumentId: AAPL });
  expect(found.every(({ reason }) => reason.includes("set aside"))).toBe(true);
});

it("rows whose bodies are damaged are handed out with what their columns say", async () => {
  const { queries, engine } = store.postgres;
  const first = await engine.signalsAfter(0, 0, 10);
  await queries`UPDATE signals SET body = (body::jsonb - 'wish')::json`;
  await queries`UPDATE commands SET body = '"nothing"'`;
  const [signal] = await engine.signalsAfter(0, 0, 10);
  expect(first[0]).not.toHaveProperty("unreadable");
  expect(signal).toMatchObject({
    id: sourceId(1),
    number: 1,
    accountId: desk.account,
    instrumentId: AAPL,
  });
  expect(signal).toMatchObject({
    strategyId: null,
    actor: "bot",
    unreadable: expect.stringContaining("wish"),
  });
  const [command] = await engine.commandsAfter(0, 0, 10);
  expect(command).toMatchObject({
    id: sourceId(2),
    number: 1,
    accountId: desk.account,
    actor: "bot",
  });
  expect(command).toHaveProperty("unreadable");
});
