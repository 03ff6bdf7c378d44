// What is open beside the tables, kept in the address so that it survives a reload and can be sent to
// somebody: `#/order/…`, `#/signal/…`, `#/symbol/…`, `#/limit/…`, `#/ticket`, `#/health`.
import { signal } from "@preact/signals";

export const PLACES = ["order", "signal", "symbol", "limit", "ticket", "health"] as const;
export interface Place {
  readonly kind: (typeof PLACES)[number];
  readonly id: string;
}

export const place = signal<Place | null>(placeOf(location.hash));

function placeOf(hash: string): Place | null {
  const [, kind, ...rest] = hash.replace(/^#/, "").split("/");
  const known = PLACES.find((each) => each === kind);
  return known === undefined ? null : { kind: known, id: decodeURIComponent(rest.join("/")) };
}

export function linkTo(kind: Place["kind"], id = ""): string {
  return id === "" ? `#/${kind}` : `#/${kind}/${encodeURIComponent(id)}`;
}

export function go(kind: Place["kind"], id = ""): void {
  location.hash = linkTo(kind, id);
}

export function closePlace(): void {
  history.pushState(null, "", location.pathname + location.search);
  place.value = null;
}

export function watchAddress(): void {
  window.addEventListener("hashchange", () => (place.value = placeOf(location.hash)));
  window.addEventListener("popstate", () => (place.value = placeOf(location.hash)));
}
