// What the book keeps of accounts beside orders and positions, compared with the rows that it is loaded from:
// what is left to others, what cash was accepted as it is, and what cash came and went beside positions.
import type { AccountBook, Book } from "../../domain/book.ts";
import { Decimal } from "../../domain/decimal.ts";
import type { Transaction } from "../client.ts";
import type { Difference } from "./stored-rows.ts";

export async function compareAccounts(
  sql: Transaction,
  book: Book,
  report: (difference: Difference) => void,
): Promise<void> {
  const { partition } = book;
  const accepted = await sql<{ key: string; amount: string }[]>`
    SELECT DISTINCT ON (account_id, kind, subject) theirs AS amount,
      concat_ws(' ', account_id, CASE kind WHEN 'cash_accepted' THEN 'cash' ELSE subject END) AS key
    FROM differences
    WHERE partition = ${partition} AND kind IN ('position_accepted', 'cash_accepted')
    ORDER BY account_id, kind, subject, seq DESC`;
  const cash = await sql<{ key: string; amount: string }[]>`
    SELECT account_id AS key, sum(amount) AS amount FROM adjustments
    WHERE partition = ${partition} AND instrument_id IS NULL GROUP BY account_id`;
  const accounts = [...book.accounts.values()];
  compare({ table: "differences", column: "theirs" }, report, {
    stored: accepted,
    replayed: accounts.flatMap(acceptedOf),
  });
  compare({ table: "adjustments", column: "amount" }, report, {
    stored: cash,
    replayed: accounts.map(({ account, cash: { adjusted } }) => [account.id, adjusted]),
  });
}

function acceptedOf({ account, others, cash }: AccountBook): readonly [string, Decimal][] {
  const left = [...others].map(([id, amount]): [string, Decimal] => [
    `${account.id} ${id}`,
    amount,
  ]);
  return [...left, [`${account.id} cash`, cash.accepted]];
}

/** Nothing kept and nothing there are the same. */
function compare(
  where: Pick<Difference, "table" | "column">,
  report: (difference: Difference) => void,
  of: {
    readonly stored: readonly { readonly key: string; readonly amount: string }[];
    readonly replayed: readonly (readonly [string, Decimal])[];
  },
): void {
  const stored = new Map(of.stored.map(({ key, amount }) => [key, Decimal.of(amount)]));
  const replayed = new Map(of.replayed);
  for (const key of new Set([...stored.keys(), ...replayed.keys()])) {
    const row = stored.get(key) ?? Decimal.ZERO;
    const fold = replayed.get(key) ?? Decimal.ZERO;
    if (row.eq(fold)) continue;
    report({ ...where, key, stored: row.toString(), replayed: fold.toString() });
  }
}
