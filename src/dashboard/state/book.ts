// What the accounts hold and do. Positions and accounts arrive as values on the stream; orders and
// signals are read again when an event says that something happened to one of them.
import { computed, signal } from "@preact/signals";
import type {
  List,
  Order,
  Portfolio,
  PortfolioMoment,
  Position,
  TradeSignal,
} from "../api/answers.ts";
import { ask, BASE } from "../api/request.ts";
import { addPrice } from "./prices.ts";
import { resource } from "./resource.ts";

export type PositionTable = ReadonlyMap<string, Position>;

export const positions = resource(async (): Promise<PositionTable> => {
  const { data } = await ask<List<Position>>(`${BASE}/positions`);
  data.forEach(addPrice);
  return new Map(data.map((position) => [keyOf(position), position]));
});

export const portfolios = resource(
  async () => (await ask<List<Portfolio>>(`${BASE}/portfolio`)).data,
);

export const equityHistory = resource(
  async () => (await ask<List<PortfolioMoment>>(`${BASE}/portfolio/history?limit=1500`)).data,
);

/** What the blotter shows: the API filters, so that old orders are found as well. */
export const orderFilter = signal({ status: "", symbol: "" });
export const orderRows = signal(200);

export const orders = resource(async () => {
  const { status, symbol } = orderFilter.value;
  const query = new URLSearchParams({ limit: String(orderRows.value) });
  if (status !== "") query.set("status", status);
  if (symbol !== "") query.set("symbol", symbol);
  return (await ask<List<Order>>(`${BASE}/orders?${query.toString()}`)).data;
});

export const openOrders = resource(
  async () => (await ask<List<Order>>(`${BASE}/orders?status=open&limit=500`)).data,
);

export const signals = resource(
  async () => (await ask<List<TradeSignal>>(`${BASE}/signals?limit=100`)).data,
);

export function keyOf({ account, venue, symbol }: Position): string {
  return `${account} ${venue}:${symbol}`;
}

/** Empty for all accounts. */
export const chosenAccount = signal("");

export const portfolio = computed<Portfolio | null>(() => {
  const rows = portfolios.value.value ?? [];
  return rows.find(({ id }) => id === chosenAccount.value) ?? rows[0] ?? null;
});

export const shownPositions = computed<readonly Position[]>(() =>
  [...(positions.value.value?.values() ?? [])].filter(
    ({ account }) => chosenAccount.value === "" || account === chosenAccount.value,
  ),
);

let waiting: Position[] = [];
let isFrameAsked = false;

/** Many updates in one frame make one new table. */
export function putPosition(position: Position): void {
  waiting.push(position);
  if (isFrameAsked) return;
  isFrameAsked = true;
  schedule(() => {
    isFrameAsked = false;
    const next = new Map(positions.value.peek() ?? []);
    for (const each of waiting) {
      addPrice(each);
      if (each.side === "flat") next.delete(keyOf(each));
      else next.set(keyOf(each), each);
    }
    waiting = [];
    positions.put(next);
  });
}

/** A page in the background gets no frames, and must not collect for ever. */
function schedule(work: () => void): void {
  if (document.hidden) window.setTimeout(work, 200);
  else requestAnimationFrame(work);
}

export function putPortfolio(next: Portfolio): void {
  const rows = portfolios.value.peek() ?? [];
  const others = rows.filter(({ id }) => id !== next.id);
  portfolios.put([...others, next].toSorted((one, other) => one.id.localeCompare(other.id)));
}
