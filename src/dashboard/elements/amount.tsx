// A gain or a loss: sign first, colour second.
import { MINUS, money, percent } from "../format/exact.ts";

/** By what is shown: a loss that rounds to nothing is not coloured as one. */
function classOf(shown: string): string {
  return shown.startsWith("+") ? "gain" : shown.startsWith(MINUS) ? "loss" : "even";
}

export function Gain({ of: text }: { readonly of: string | null | undefined }) {
  const shown = money(text, { signed: true });
  return <span class={classOf(shown)}>{shown}</span>;
}

export function GainPercent({ of: text }: { readonly of: string | null | undefined }) {
  const shown = percent(text, { signed: true });
  return <span class={classOf(shown)}>{shown}</span>;
}
