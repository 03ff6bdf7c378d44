// Verdicts as the log keeps them. Each decision has one of every rule, and most say nothing but that they
// passed or are off: those are one word each, and the others leave out what is empty. That is half the
// text of a decision, which is most of the log.
import type { DomainEvent } from "../event.ts";
import { RULE_CODES, VERDICT_RESULTS, type Verdict } from "../refusal.ts";

/** `lot_size`, `min_notional off`, or what differs from a rule that passed without a word. */
type PackedVerdict = string | (Partial<Verdict> & Pick<Verdict, "rule">);

type Packing = { -readonly [Field in keyof Verdict]?: Verdict[Field] } & Pick<Verdict, "rule">;

const NO_NUMBERS = Object.freeze({});

const WORDS: ReadonlyMap<string, Verdict> = new Map(
  RULE_CODES.flatMap((rule) =>
    VERDICT_RESULTS.map((result) => {
      const verdict = { rule, result, message: null, numbers: NO_NUMBERS, head: null };
      return [wordOf(verdict), Object.freeze(verdict)] as const;
    }),
  ),
);

function packVerdict(verdict: Verdict): PackedVerdict {
  const { rule, result, message, numbers, head } = verdict;
  const isPlain = isEmpty(numbers);
  if (isPlain && message === null && head === null) return wordOf(verdict);
  // Field by field: spreading is slow, and this is done for a dozen verdicts of every decision.
  const packed: Packing = { rule };
  if (result !== "pass") packed.result = result;
  if (message !== null) packed.message = message;
  if (!isPlain) packed.numbers = numbers;
  if (head !== null) packed.head = head;
  return packed;
}

/** What one word says; shared by all that read it. */
export function verdictOfWord(word: string): Verdict | undefined {
  return WORDS.get(word);
}

/** As it was, with every field; what was never packed comes back as it is. */
export function unpackVerdict(stored: unknown): unknown {
  if (typeof stored === "string") return verdictOfWord(stored) ?? stored;
  if (typeof stored !== "object" || stored === null) return stored;
  return { result: "pass", message: null, numbers: NO_NUMBERS, head: null, ...stored };
}

/** The event as it is written: everything as it is, and its verdicts packed. */
export function packEvent(event: DomainEvent): unknown {
  if (!("verdicts" in event) || event.verdicts === null || event.verdicts === undefined) {
    return event;
  }
  return { ...event, verdicts: event.verdicts.map(packVerdict) };
}

function wordOf({ rule, result }: Pick<Verdict, "rule" | "result">): string {
  return result === "pass" ? rule : `${rule} ${result}`;
}

function isEmpty(numbers: Verdict["numbers"]): boolean {
  for (const _name in numbers) return false;
  return true;
}
