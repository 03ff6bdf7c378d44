// What a position was at places of its history, compared with its checkpoints; and the fold of positions that
// met facts older than their ledger keeps. Both from the rows of executions and adjustments, page by page,
// which are compared with the log before.
import type { AccountBook } from "../../domain/book.ts";
import type { InstrumentId } from "../../domain/ids.ts";
import type { HoldingState } from "../../domain/position/holding.ts";
import type { Place } from "../../domain/position/place.ts";
import { factPages } from "../../ports/fact-pages.ts";
import type { Transaction } from "../client.ts";
import { loadPositionFacts } from "../engine/load-position-facts.ts";
import { CHECKPOINT_ROW } from "../projections/checkpoint-row.ts";
import { COUNTS_FOR_SOMETHING, differences, lineOf, type Difference } from "./stored-rows.ts";

export interface PositionCheckOptions {
  readonly rows: Transaction;
  readonly partition: number;
  readonly report: (difference: Difference) => void;
  /** Facts read together. */
  readonly together: number;
}

export async function checkHistories(
  options: PositionCheckOptions,
  books: Iterable<AccountBook>,
): Promise<void> {
  for (const book of books) {
    const { id } = book.account;
    const kept = await options.rows<{ instrument_id: InstrumentId }[]>`
      SELECT DISTINCT instrument_id FROM position_checkpoints WHERE account_id = ${id}`;
    const named = kept.map(({ instrument_id: instrumentId }) => instrumentId);
    for (const instrumentId of new Set([...named, ...book.positions.incomplete])) {
      await checkHistory(options, book, instrumentId);
    }
  }
}

async function checkHistory(
  options: PositionCheckOptions,
  { account, positions }: AccountBook,
  instrumentId: InstrumentId,
): Promise<void> {
  const { rows, together: limit } = options;
  const name = { accountId: account.id, instrumentId };
  const checkpoints = await CheckpointCheck.begin(options, `${account.id} ${instrumentId}`, name);
  const refolding = positions.refold(instrumentId, null);
  const pages = factPages((page) => loadPositionFacts(rows, name, page), { after: null, limit });
  for await (const page of pages) {
    for (const known of page) {
      refolding.add(known);
      checkpoints.compare(known.fact, refolding.track.state);
    }
  }
  checkpoints.finish();
  // Until now nobody looked at them.
  if (positions.incomplete.has(instrumentId)) positions.adopt(instrumentId, refolding, null);
}

class CheckpointCheck {
  readonly #options: PositionCheckOptions;
  readonly #position: string;
  /** By their place, and there by strategy. */
  readonly #lines = new Map<string, Map<string, string>>();

  private constructor(options: PositionCheckOptions, position: string) {
    this.#options = options;
    this.#position = position;
  }

  static async begin(
    options: PositionCheckOptions,
    position: string,
    { accountId, instrumentId }: { readonly accountId: string; readonly instrumentId: string },
  ): Promise<CheckpointCheck> {
    const check = new CheckpointCheck(options, position);
    const stored = await options.rows.unsafe<Line[]>(LINES, [accountId, instrumentId]);
    for (const { at, id, kind, strategy, line } of stored) {
      const place = textOf({ at, id, kind });
      const there = check.#lines.get(place) ?? new Map<string, string>();
      check.#lines.set(place, there.set(strategy, line));
    }
    return check;
  }

  /** Not every place has one: that one is missing is no difference. */
  compare(place: Place, { net, shares }: HoldingState): void {
    const key = textOf(place);
    const lines = this.#lines.get(key);
    if (lines === undefined) return;
    this.#lines.delete(key);
    const { partition, report } = this.#options;
    for (const position of [net, ...shares.values()]) {
      const strategy = position.strategyId ?? "";
      const entry = { place, position, partition };
      const of = { shape: CHECKPOINT_ROW, key: `${this.#position} ${key} ${strategy}` };
      differences(of, lines.get(strategy), entry).forEach(report);
      lines.delete(strategy);
    }
    this.#unexplained(key, lines);
  }

  finish(): void {
    for (const [place, lines] of this.#lines) this.#unexplained(place, lines);
  }

  #unexplained(place: string, lines: ReadonlyMap<string, string>): void {
    const { table } = CHECKPOINT_ROW;
    for (const strategy of lines.keys()) {
      const key = `${this.#position} ${place} ${strategy}`;
      this.#options.report({ table, key, column: null, stored: "a row", replayed: null });
    }
  }
}

const textOf = ({ at, id, kind }: Pick<Line, "at" | "id" | "kind">): string =>
  `${at} ${kind} ${id}`;

interface Line {
  readonly at: number;
  readonly id: string;
  readonly kind: string;
  readonly strategy: string;
  readonly line: string;
}

const LINES = `
  SELECT (extract(epoch FROM at) * 1000)::bigint AS at, fact_id AS id, fact_kind AS kind,
    coalesce(strategy_id, '') AS strategy, ${lineOf(CHECKPOINT_ROW)} AS line
  FROM position_checkpoints
  WHERE account_id = $1 AND instrument_id = $2 AND ${COUNTS_FOR_SOMETHING}`;
