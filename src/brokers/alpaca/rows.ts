// Lists of the account's past, row by row: one that cannot be read must not hide the others, nor be passed over
// in silence. It is told once, by its id and by what of it is wrong, never by what it says; and until it can be
// read the list is asked for from where it was first seen, for an hour. After that a list that grows with every
// look would cost the rate budget more than the row is worth: what it moved then shows as a difference.
import type { z } from "zod";
import type { CallOptions } from "../../ports/broker.ts";
import type { Clock } from "../../ports/clock.ts";

export interface Row<Value> {
  readonly id: string;
  /** Nothing goes on behind it: its id is not the broker's. */
  readonly isUnnamed: boolean;
  readonly value: Value | null;
}

interface Unread {
  /** What the list was asked for that showed it. */
  readonly since: number;
  readonly seenAt: number;
  readonly name: string;
}

const ASKED_AGAIN_FOR_MS = 60 * 60_000;
const MAX_TOLD = 10_000;
const MAX_ID_LENGTH = 100;

export class LedgerRows {
  /** What a row is called. */
  readonly #word: "fill" | "entry";
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #unread = new Map<string, Unread>();
  /** Lists overlap, and once is enough. */
  readonly #told = new Set<string>();

  constructor(word: "fill" | "entry", clock: Pick<Clock, "monotonic">) {
    this.#word = word;
    this.#clock = clock;
  }

  /** From when on the list is read: from where a row waits that could not be, if that is earlier. */
  from(since: number, call: CallOptions): number {
    let from = since;
    for (const [id, { since: first, seenAt, name }] of this.#unread) {
      if (this.#clock.monotonic() - seenAt <= ASKED_AGAIN_FOR_MS) {
        from = Math.min(from, first);
        continue;
      }
      this.#unread.delete(id);
      const what = `${name} could not be read for an hour and is passed over`;
      call.onUnreadable?.(id, `${what}: what it moved shows as a difference`);
    }
    return from;
  }

  read<Schema extends z.ZodType>(
    schema: Schema,
    raw: unknown,
    { since, call }: { readonly since: number; readonly call: CallOptions },
  ): Row<z.output<Schema>> {
    const named = idOf(raw);
    const id = named ?? JSON.stringify(raw);
    const parsed = schema.safeParse(raw);
    const isUnnamed = named === null;
    if (parsed.success) {
      this.#unread.delete(id);
      return { id, isUnnamed, value: parsed.data };
    }
    const name = isUnnamed
      ? `${this.#word === "fill" ? "a" : "an"} ${this.#word} without an id`
      : `the ${this.#word} ${id.slice(0, MAX_ID_LENGTH)}`;
    // The words of the issue may repeat the value; its place does not.
    const where = parsed.error.issues[0]?.path.map(String).join(".") ?? "";
    const cause = `${name} cannot be read${where === "" ? "" : ` at ${where}`}`;
    if (this.tellOnce(id, { raw, cause, call })) {
      this.#unread.set(id, { since, seenAt: this.#clock.monotonic(), name });
    }
    return { id, isUnnamed, value: null };
  }

  /** False where it was told before. */
  tellOnce(
    id: string,
    {
      raw,
      cause,
      call,
    }: { readonly raw: unknown; readonly cause: string; readonly call: CallOptions },
  ): boolean {
    if (this.#told.has(id)) return false;
    if (this.#told.size >= MAX_TOLD) this.#told.clear();
    this.#told.add(id);
    call.onUnreadable?.(JSON.stringify(raw), cause);
    return true;
  }
}

function idOf(raw: unknown): string | null {
  if (typeof raw !== "object" || raw === null || !("id" in raw)) return null;
  return typeof raw.id === "string" && raw.id !== "" ? raw.id : null;
}
