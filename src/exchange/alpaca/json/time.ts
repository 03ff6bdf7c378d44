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
  let digits = String(1_000_000 + fraction).slice(1);
  while (digits.endsWith("0")) digits = digits.slice(0, -1);
  return `${lastText}.${digits}Z`;
}

export function millisTimestamp(at: number): string {
  return timestamp(at * 1000);
}
