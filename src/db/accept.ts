// Acceptance on PostgreSQL: the whole batch in one call of `fillstream_accept`, one commit, one fsync.
import type { ISql } from "postgres";
import {
  CommitUnknown,
  isPassing,
  StoreUnavailable,
  type Acceptance,
  type Accepted,
  type AcceptanceStore,
} from "../ports/store.ts";
import { plainArray, textArray } from "./array-literal.ts";
import { errorCode, reading, UNIQUE_VIOLATION, writing, type Sql } from "./client.ts";

interface AcceptedRow {
  readonly ord: number;
  readonly result: string;
  readonly accepted_id: string;
  readonly accepted_number: number;
  readonly fingerprint: string | null;
}

/** Looks for what a lost answer left behind before the caller hears that nobody knows. */
const SETTLE_ATTEMPTS = 3;

export class PostgresAcceptance implements AcceptanceStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async accept(batch: readonly Acceptance[]): Promise<readonly Accepted[]> {
    if (batch.length === 0) return [];
    try {
      return await acceptWith(this.#sql, batch);
    } catch (error: unknown) {
      if (error instanceof CommitUnknown) return this.#settle(batch, error);
      throw error;
    }
  }

  /** One commit holds all of it or nothing: any id that is there proves that all are. */
  async #settle(batch: readonly Acceptance[], cause: CommitUnknown): Promise<readonly Accepted[]> {
    for (let attempt = 1; attempt <= SETTLE_ATTEMPTS; attempt += 1) {
      try {
        const found = await this.#find(batch);
        if (found.size > 0) return await this.#answers(batch, found);
        return await this.#again(batch, cause);
      } catch (error: unknown) {
        if (!isPassing(error)) throw error;
      }
    }
    throw cause;
  }

  /**
   * The first may have waited in the server all the while, for a lock or a replica. When it comes through
   * before this one, its ids are taken: by ourselves, and what they are taken for is the answer.
   */
  async #again(batch: readonly Acceptance[], cause: CommitUnknown): Promise<readonly Accepted[]> {
    try {
      return await acceptWith(this.#sql, batch);
    } catch (error: unknown) {
      if (errorCode(error) !== UNIQUE_VIOLATION) throw error;
      const found = await this.#find(batch);
      if (found.size === 0) throw cause;
      return this.#answers(batch, found);
    }
  }

  async #answers(
    batch: readonly Acceptance[],
    found: ReadonlyMap<string, number>,
  ): Promise<readonly Accepted[]> {
    const missing = batch.filter((item) => !found.has(item.id));
    // What is missing met its key: asking again answers from the key and stores nothing.
    const rest = missing.length === 0 ? [] : await acceptWith(this.#sql, missing);
    const byId = new Map(missing.map((item, index) => [item.id, rest[index]]));
    return batch.map((item) => {
      const number = found.get(item.id);
      const answer = byId.get(item.id);
      if (number !== undefined) return { result: "accepted", id: item.id, number };
      if (answer === undefined) throw new StoreUnavailable("an acceptance without an answer");
      return answer;
    });
  }

  async #find(batch: readonly Acceptance[]): Promise<ReadonlyMap<string, number>> {
    const ids = plainArray(batch.map((item) => item.id));
    const rows = await reading(
      () => this.#sql<{ id: string; number: number }[]>`
        SELECT id, number FROM signals WHERE id = ANY (${ids}::uuid[])
        UNION ALL
        SELECT id, number FROM commands WHERE id = ANY (${ids}::uuid[])`,
    );
    return new Map(rows.map((row) => [row.id, row.number]));
  }
}

/** Also within a transaction of the caller: a change of the trading state and what it asks for. */
export async function acceptWith(
  sql: ISql<{ bigint: number }>,
  batch: readonly Acceptance[],
): Promise<readonly Accepted[]> {
  const rows = await writing(
    () => sql<AcceptedRow[]>`
      SELECT ord, result, accepted_id, accepted_number, fingerprint FROM fillstream_accept(
        ${textArray(batch.map((item) => item.lane))},
        ${plainArray(batch.map((item) => item.id))},
        ${textArray(batch.map((item) => item.accountId))},
        ${plainArray(batch.map((item) => item.partition))},
        ${textArray(batch.map((item) => item.idempotency?.scope ?? null))},
        ${textArray(batch.map((item) => item.idempotency?.key ?? null))},
        ${textArray(batch.map((item) => item.fingerprint))},
        ${textArray(batch.map((item) => item.body))},
        ${plainArray(batch.map((item) => item.receivedAt))},
        ${textArray(batch.map((item) => item.actor))},
        ${textArray(batch.map((item) => item.traceParent))})`,
  );
  const answers = new Map(rows.map((row) => [row.ord, answerOf(row)]));
  return batch.map((_, index) => {
    const answer = answers.get(index + 1);
    if (answer === undefined) throw new Error("fillstream_accept left an item without an answer");
    return answer;
  });
}

function answerOf(row: AcceptedRow): Accepted {
  const { accepted_id: id, accepted_number: number } = row;
  switch (row.result) {
    case "accepted":
      return { result: "accepted", id, number };
    case "replayed":
      return { result: "replayed", id, number };
    default:
      return { result: "conflict", id, fingerprint: row.fingerprint ?? "" };
  }
}
