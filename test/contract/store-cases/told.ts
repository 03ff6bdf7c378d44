// A book as plain data, to compare the one that lived with the one that was loaded.
import type { AccountBook, Book, Correction } from "../../../src/domain/book.ts";

function accountTold(account: AccountBook) {
  const { open } = account;
  return {
    open: [...open].map((id) => account.orders.get(id)),
    held: [...account.held],
    queued: [...account.queued],
    heard: [...account.heard].toSorted(inOrder),
    references: [...account.byReference].filter(([, id]) => open.has(id)).toSorted(inOrder),
    brokerOrders: [...account.byBrokerOrderId].filter(([, id]) => open.has(id)).toSorted(inOrder),
    positions: [...account.positions.all()]
      .filter(({ version }) => version > 0)
      .toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1)),
    external: [...account.external],
    goneExternal: [...account.goneExternal].toSorted(),
    frozen: [...account.frozen],
    parked: [...account.parked],
    foreign: [...account.foreign],
    lastFill: [...account.lastFill].map(([id, { at }]) => [id, at]),
    splits: [...account.splits].toSorted(inOrder),
    adjustments: [...account.adjustments],
    ours: [...account.ours],
    corrected: [...account.corrected]
      .map(([id, all]) => [id, all.filter(isCorrection).map(asLoaded)] as const)
      .toSorted(inOrder),
    others: [...account.others].toSorted(inOrder),
    firstContactAt: account.firstContactAt,
    equity: account.equity,
    cash: { ...account.cash, look: null },
    fillsSinceCash: account.fillsSinceCash,
    day: account.day,
    recentOrders: account.recentOrders,
    recentSignals: [...account.recentSignals].toSorted(inOrder),
    pace: [...account.pace].toSorted(inOrder),
    referenceCounter: account.referenceCounter,
  };
}

/** What was left to others, what explains a correction and what was held before it are in the log alone. */
const isCorrection = ({ isOthers }: Correction): boolean => !isOthers;
const asLoaded = (correction: Correction) => ({ ...correction, left: null, before: null });

const inOrder = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : 1;

const keyOf = (position: { instrumentId: string; strategyId: string | null }): string =>
  `${position.instrumentId} ${position.strategyId ?? ""}`;

export function bookTold(book: Book) {
  return {
    seq: book.seq,
    decidedSignals: book.decidedSignals,
    decidedCommands: book.decidedCommands,
    decidedAhead: [...book.decidedAhead],
    accounts: Object.fromEntries(
      [...book.accounts].map(([id, account]) => [id, accountTold(account)]),
    ),
  };
}
