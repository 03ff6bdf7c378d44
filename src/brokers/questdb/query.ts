// The one query, as text: QuestDB's own `LATEST ON`, which reads the newest row of each symbol without
// scanning the table.

/** Names in the ticks table; a table of trades alone has no bid and ask, one of quotes no last. */
export interface TickColumns {
  readonly table: string;
  readonly symbol: string;
  /** The designated timestamp. */
  readonly at: string;
  readonly bid: string | null;
  readonly ask: string | null;
  readonly last: string | null;
}

export const DEFAULT_TICKS: TickColumns = {
  table: "ticks",
  symbol: "symbol",
  at: "timestamp",
  bid: "bid",
  ask: "ask",
  last: "price",
};

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

/** `until`: one row with an instant far ahead would be the newest of its symbol for as long as that. */
export function latestTicks(ticks: TickColumns, symbols: readonly string[], until: number): string {
  const at = name(ticks.at);
  const symbol = name(ticks.symbol);
  const { bid, ask, last } = ticks;
  const prices = Object.entries({ bid, ask, last }).flatMap(([as, column]) =>
    column === null ? [] : [`${name(column)} AS ${as}`],
  );
  const columns = [`${symbol} AS symbol`, `${at} AS at`, ...prices];
  const wanted = symbols.map((text) => literal(text)).join(", ");
  return [
    `SELECT ${columns.join(", ")} FROM ${name(ticks.table)}`,
    `WHERE ${symbol} IN (${wanted}) AND ${at} <= '${new Date(until).toISOString()}'`,
    `LATEST ON ${at} PARTITION BY ${symbol}`,
  ].join(" ");
}

/** Names come from the configuration: anything but a plain one is a mistake, or worse. */
function name(text: string): string {
  if (PLAIN_NAME.test(text)) return `"${text}"`;
  throw new RangeError(`not a plain name of a table or column: ${text.slice(0, 80)}`);
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
