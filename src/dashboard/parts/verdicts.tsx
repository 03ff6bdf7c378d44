// What every rule said, the ones that matter first, with how much more each would have allowed.
import type { Verdict } from "../api/answers.ts";
import { exact } from "../format/exact.ts";
import { spaced } from "../format/words.ts";

const ORDER: readonly Verdict["result"][] = ["refuse", "warn", "shadow", "pass", "off"];
const WORDS: Readonly<Record<Verdict["result"], { mark: string; word: string }>> = {
  refuse: { mark: "✕", word: "refuses" },
  warn: { mark: "▲", word: "warns" },
  shadow: { mark: "◌", word: "would refuse" },
  pass: { mark: "✓", word: "passes" },
  off: { mark: "–", word: "off" },
};

export function Verdicts({ verdicts }: { readonly verdicts: readonly Verdict[] }) {
  const spoken = verdicts.filter(({ result }) => result !== "off");
  const sorted = spoken.toSorted((one, other) => rank(one) - rank(other));
  const off = verdicts.length - spoken.length;
  if (verdicts.length === 0) return <p class="muted">No rule was asked.</p>;
  return (
    <>
      <ul class="verdicts">
        {sorted.map((verdict) => (
          <Line key={verdict.rule} verdict={verdict} />
        ))}
      </ul>
      {off > 0 && <p class="muted">{off} more do not apply, or are switched off.</p>}
    </>
  );
}

/** Where something is close to its limit, that comes before what merely passed. */
function rank({ result, head }: Verdict): number {
  return ORDER.indexOf(result) * 2 + (head === null ? 1 : 0);
}

function Line({ verdict }: { readonly verdict: Verdict }) {
  const { rule, result, message, head, numbers } = verdict;
  return (
    <li class={`verdict verdict-${result}`} data-rule={rule} data-result={result}>
      <span class="mark" title={WORDS[result].word}>
        {WORDS[result].mark}
        <span class="unseen">{WORDS[result].word}: </span>
      </span>
      <span class="rule">{spaced(rule)}</span>
      <span class="number muted">
        {head === null ? (message === null ? figures(numbers) : "") : roomInWords(head)}
      </span>
      {message !== null && <span class="message">{message}</span>}
    </li>
  );
}

function roomInWords(head: string): string {
  return head.startsWith("-")
    ? `${exact(head.slice(1), { most: 2 })} too much`
    : `${exact(head, { most: 2 })} left`;
}

function figures(numbers: Verdict["numbers"]): string {
  return Object.entries(numbers)
    .map(([name, value]) => `${spaced(name)} ${String(value)}`)
    .join(", ");
}
