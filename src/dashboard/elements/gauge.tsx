// A bar that fills up: calm below 80 %, striped from there on, full at the limit. The pattern changes with
// the colour, so that it can be read without seeing colours.
import { approximate, percent } from "../format/exact.ts";

const WARN_AT = 80;

export type Fill = "calm" | "near" | "full" | "unknown";

export function fillOf(usedPercent: string | null): Fill {
  const used = approximate(usedPercent);
  if (Number.isNaN(used)) return "unknown";
  return used >= 100 ? "full" : used >= WARN_AT ? "near" : "calm";
}

export function Gauge({ label, used }: { readonly label: string; readonly used: string | null }) {
  const share = Math.min(100, Math.max(0, approximate(used) || 0));
  return (
    <span
      class={`gauge gauge-${fillOf(used)}`}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share}
      aria-valuetext={used === null ? "unknown" : percent(used, { digits: 1 })}
    >
      <span style={{ width: `${share}%` }} />
    </span>
  );
}
