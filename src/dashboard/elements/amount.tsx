// A gain or a loss: sign first, colour second.
import { money, percent, signOf } from "../format/exact.ts";

const CLASS = { "1": "gain", "-1": "loss", "0": "even" } as const;

export function classOfSign(text: string | null | undefined): string {
  return CLASS[`${signOf(text)}`];
}

export function Gain({ of: text }: { readonly of: string | null | undefined }) {
  return <span class={classOfSign(text)}>{money(text, { signed: true })}</span>;
}

export function GainPercent({ of: text }: { readonly of: string | null | undefined }) {
  return <span class={classOfSign(text)}>{percent(text, { signed: true })}</span>;
}
