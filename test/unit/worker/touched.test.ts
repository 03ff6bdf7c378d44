// What a commit costs does not grow with the accounts that have no part in it.
import { expect, it, vi } from "vitest";
import { applyEvent } from "../../../src/domain/apply.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import type { RecordedEvent } from "../../../src/domain/event.ts";
import { asId, type AccountId } from "../../../src/domain/ids.ts";
import { createAccountBook, createBook } from "../../../src/domain/new-book.ts";
import { PositionLedger } from "../../../src/domain/position/ledger.ts";
import { touchedRows } from "../../../src/worker/touched.ts";
import { INSTRUMENT } from "../../support/orders.ts";

const SIZES = { segmentFacts: 1, checkpointFacts: 1 };

function adjusted(accountId: AccountId, at: number): RecordedEvent {
  const figures = { quantity: Decimal.ONE, price: Decimal.ONE, amount: Decimal.ZERO };
  const of = {
    instrumentId: INSTRUMENT,
    strategyId: null,
    kind: "transfer",
    source: "test",
  } as const;
  const event = {
    type: "PositionAdjusted",
    adjustment: { id: `transfer ${at}`, at, ...of, ...figures },
  } as const;
  return { accountId, at, event, actor: "test", correlationId: null, causationId: null };
}

it("asks the accounts that its events moved for their checkpoints, and no other", () => {
  const book = createBook(0);
  const [moved, idle] = [asId<AccountId>("moved"), asId<AccountId>("idle")];
  const asked = [moved, idle].map((id) => {
    const account = { id, broker: "alpaca", environment: "mock", currency: "USD" } as const;
    const day = { dayZone: "America/New_York", dayRoll: "00:00" };
    const positions = new PositionLedger(id, SIZES);
    book.accounts.set(id, { ...createAccountBook({ ...account, ...day }), positions });
    return vi.spyOn(positions, "takeCheckpoints");
  });
  const events = [1, 2, 3, 4].map((at) => adjusted(moved, at));
  for (const event of events) applyEvent(book, event);
  const { checkpoints } = touchedRows(book, events);
  expect(checkpoints.map(({ accountId, reached }) => [accountId, reached.length])).toEqual([
    [moved, 2],
  ]);
  expect(asked.map((each) => each.mock.calls.length)).toEqual([1, 0]);
});
