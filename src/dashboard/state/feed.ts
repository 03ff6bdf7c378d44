// Keeps the page current. The stream says what happened; whatever it cannot carry is read again. Joining
// comes first and reading second, so that nothing falls between the two.
import type { List, Portfolio, Position } from "../api/answers.ts";
import type { SentEvent } from "../api/event-reader.ts";
import { ask, BASE, signInNeeded } from "../api/request.ts";
import { readStream } from "../api/stream.ts";
import * as book from "./book.ts";
import { learnServerTime } from "./clock.ts";
import * as connection from "./connection.ts";
import * as house from "./house.ts";
import { addToTape, placeBefore, putBehindTape, type TapeEntry } from "./tape.ts";

const STATUS_EVERY_MS = 2_000;
const SLOW_EVERY_MS = 20_000;
const AGAIN_FIRST_MS = 300;
const AGAIN_LONGEST_MS = 4_000;

export function startFeed(): void {
  void keepStream();
  void keepAsking();
  window.setInterval(() => refreshSlow(), SLOW_EVERY_MS);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => window.setTimeout(resolve, ms));
}

async function keepStream(): Promise<void> {
  const forever = new AbortController().signal;
  let againMs = AGAIN_FIRST_MS;
  for (;;) {
    try {
      await readStream(
        connection.lastEventId.peek(),
        {
          opened() {
            againMs = AGAIN_FIRST_MS;
            connection.streamOpened();
            refreshAll();
          },
          event: take,
        },
        forever,
      );
    } catch {
      // How it ended does not matter: it is opened again from the last event on.
    }
    connection.streamEnded();
    void askOnce();
    await pause(againMs);
    againMs = Math.min(againMs * 2, AGAIN_LONGEST_MS);
    while (signInNeeded.peek()) await pause(AGAIN_FIRST_MS);
  }
}

/** Asks how the house is; that the answer comes is itself the news. */
async function keepAsking(): Promise<void> {
  for (;;) {
    await askOnce();
    await pause(STATUS_EVERY_MS);
  }
}

async function askOnce(): Promise<void> {
  if (signInNeeded.peek()) return;
  const before = house.status.value.peek();
  await house.status.refresh();
  const after = house.status.value.peek();
  if (house.status.failure.peek() !== null || after === null) {
    if (!signInNeeded.peek()) connection.notAnswered();
    return;
  }
  learnServerTime(after.at);
  const wasLost = connection.mode.peek() === "lost";
  connection.answered();
  if (wasLost || connection.mode.peek() === "polling") refreshAll();
  if (before?.limits_version !== after.limits_version) house.limits.poke();
  if (before?.trading_state_version !== after.trading_state_version) house.tradingStates.poke();
  house.limitUsage.poke();
}

function refreshAll(): void {
  book.positions.poke();
  book.portfolios.poke();
  book.orders.poke();
  book.openOrders.poke();
  book.signals.poke();
  house.limits.poke();
  house.tradingStates.poke();
  refreshSlow();
}

function refreshSlow(): void {
  if (signInNeeded.peek()) return;
  book.equityHistory.poke();
  house.inbox.poke();
  house.deadLetters.poke();
}

function take({ id, name, data }: SentEvent): void {
  const isFirst = connection.lastEventId.peek() === null;
  if (id !== null) connection.lastEventId.value = id;
  // What the API writes into its stream, in the shapes of its own answers.
  const value: unknown = JSON.parse(data);
  if (name === "reset") refreshAll();
  if (id === null) {
    if (name === "position") book.putPosition(value as Position);
    if (name === "portfolio") book.putPortfolio(value as Portfolio);
    return;
  }
  if (name === "hello" || name === "reset") {
    if (isFirst) void lookBack(id);
    return;
  }
  addToTape({ ...(value as TapeEntry), topic: name });
  READ_AGAIN[name]?.();
}

/** The last events from before the page was opened, so that it does not begin empty. */
async function lookBack(cursor: string): Promise<void> {
  if (cursor === "") return;
  const query = new URLSearchParams({ after: placeBefore(cursor), limit: "200" });
  const { data } = await ask<List<TapeEntry>>(`${BASE}/events?${query.toString()}`).catch(() => ({
    data: [],
  }));
  putBehindTape(data);
}

const READ_AGAIN: Readonly<Record<string, () => void>> = {
  signal: () => book.signals.poke(),
  command: () => house.status.poke(),
  order: readOrders,
  execution: readOrders,
  position: () => book.positions.poke(),
  portfolio: () => book.portfolios.poke(),
  state() {
    house.tradingStates.poke();
    house.status.poke();
    book.portfolios.poke();
  },
  reconciliation: () => house.inbox.poke(),
};

function readOrders(): void {
  book.orders.poke();
  book.openOrders.poke();
  book.signals.poke();
}
