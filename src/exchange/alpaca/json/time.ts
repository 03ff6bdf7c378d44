// Instants as Alpaca writes them: UTC, as many fractional digits as needed, trailing zeros cut.
import type { Micros } from "../../core/order.ts";

let lastSecond = -1;
let lastText = "";

export function timestamp(at: Micros): string {
  const second = Math.floor(at / 1_000_000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastText = new Date(second * 1000).toISOString().slice(0, 19);
  }
  const fraction = at - second * 1_000_000;
  if (fraction === 0) return `${lastText}Z`;
  return `${lastText}.${String(fraction).padStart(6, "0").replace(/0+$/, "")}Z`;
}

export function optionalTimestamp(at: Micros | null): string | null {
  return at === null ? null : timestamp(at);
}

export function millisTimestamp(at: number): string {
  return timestamp(at * 1000);
}
