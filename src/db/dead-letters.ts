// Keeps what could not be accepted, once per entry of its source.
import { writing, type Sql } from "./client.ts";
import { textArray } from "./array-literal.ts";

export interface NewDeadLetter {
  readonly id: string;
  readonly entry: string;
  readonly body: string;
  readonly code: string;
  readonly reason: string;
}

/** Longer than any signal may be: what is cut off could never be tried again. */
const MAX_CHARACTERS = 64 * 1024;

/** A letter holds anything, a text of PostgreSQL anything but a zero byte: one would stop the source. */
const storable = (text: string): string => text.slice(0, MAX_CHARACTERS).replaceAll("\0", "\uFFFD");

export async function saveDeadLetters(
  sql: Sql,
  source: string,
  letters: readonly NewDeadLetter[],
): Promise<void> {
  await writing(
    () => sql`
      INSERT INTO dead_letters (id, source, entry, body, code, reason, created_at)
      SELECT id::uuid, ${source}, entry, body, code, reason, now() FROM unnest(
        ${textArray(letters.map(({ id }) => id))}::text[],
        ${textArray(letters.map(({ entry }) => entry))}::text[],
        ${textArray(letters.map(({ body }) => storable(body)))}::text[],
        ${textArray(letters.map(({ code }) => code))}::text[],
        ${textArray(letters.map(({ reason }) => storable(reason)))}::text[]) AS u (id, entry, body, code, reason)
      ON CONFLICT DO NOTHING`,
  );
}
