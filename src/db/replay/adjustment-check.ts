// Holds what the log says about adjustments until their rows were compared, some at a time. A row is written
// once and never changed, so that nothing has to be kept for what comes later.
import { textArray } from "../array-literal.ts";
import type { Transaction } from "../client.ts";
import { ADJUSTMENT_ROW, type AdjustmentEntry } from "../projections/adjustment-row.ts";
import type { FoldedEvent } from "./log-reader.ts";
import { differences, lineOf, type Difference } from "./stored-rows.ts";

export interface AdjustmentCheckOptions {
  readonly rows: Transaction;
  readonly partition: number;
  readonly report: (difference: Difference) => void;
  /** Compared together. */
  readonly together: number;
}

export class AdjustmentCheck {
  readonly #options: AdjustmentCheckOptions;
  #held: AdjustmentEntry[] = [];
  adjustments = 0;

  constructor(options: AdjustmentCheckOptions) {
    this.#options = options;
  }

  add({ event, accountId, seq }: FoldedEvent): void {
    if (event.type !== "PositionAdjusted" && event.type !== "CashAdjusted") return;
    this.#held.push({ event, accountId, seq, partition: this.#options.partition });
  }

  async trim(): Promise<void> {
    if (this.#held.length >= this.#options.together) await this.finish();
  }

  async finish(): Promise<void> {
    const { rows, report } = this.#options;
    const held = this.#held;
    this.#held = [];
    this.adjustments += held.length;
    const accounts = textArray(held.map(({ accountId }) => accountId));
    const ids = textArray(held.map(({ event }) => event.adjustment.id));
    const stored = await rows.unsafe<Line[]>(LINES, [accounts, ids], { prepare: true });
    const lines = new Map(stored.map(({ key, line }) => [key, line]));
    for (const entry of held) {
      const key = `${entry.accountId} ${entry.event.adjustment.id}`;
      differences({ shape: ADJUSTMENT_ROW, key }, lines.get(key), entry).forEach(report);
    }
  }
}

interface Line {
  readonly key: string;
  readonly line: string;
}

const LINES = `
  SELECT account_id || ' ' || id AS key, ${lineOf(ADJUSTMENT_ROW)} AS line
  FROM unnest($1::text[], $2::text[]) AS named (account_id, id) JOIN adjustments USING (account_id, id)`;
