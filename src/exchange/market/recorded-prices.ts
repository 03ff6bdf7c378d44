// Reads recorded prices: `time,symbol,price[,bid,ask[,bid_size,ask_size]]`, a line each. What cannot be a
// price is refused with its line, all of it before anything is played: a wrong price would trade.
import { Decimal } from "../../domain/decimal.ts";

export interface RecordedPrice {
  /** Milliseconds after the first line. */
  readonly afterMs: number;
  readonly symbol: string;
  readonly last: Decimal;
  readonly bid: Decimal;
  readonly ask: Decimal;
  readonly bidSize: Decimal | null;
  readonly askSize: Decimal | null;
}

const MAX_ROWS = 5_000_000;
const COLUMNS = ["time", "symbol", "price", "bid", "ask", "bid_size", "ask_size"];

class Unreadable extends Error {}

/** In the order of time; or a sentence about the first line that is none. */
export function readRecordedPrices(
  csv: string,
  isListed: (symbol: string) => boolean,
): readonly RecordedPrice[] | string {
  const rows: RecordedPrice[] = [];
  let first: number | null = null;
  for (const [index, line] of csv.split(/\r?\n/).entries()) {
    if (line.trim() === "" || (index === 0 && /^\ufeff?time\b/i.test(line))) continue;
    if (rows.length >= MAX_ROWS) return `there are more than ${MAX_ROWS} rows`;
    try {
      const cells = line.split(",").map((cell) => cell.trim());
      const at = timeOf(cells[0] ?? "");
      first ??= at;
      rows.push({ afterMs: at - first, ...priceOf(cells, isListed) });
    } catch (error: unknown) {
      if (!(error instanceof Unreadable)) throw error;
      return `line ${index + 1}: ${error.message}`;
    }
  }
  return rows.sort((left, right) => left.afterMs - right.afterMs);
}

function timeOf(text: string): number {
  const isDate = /^\d{4}-\d{2}-\d{2}/.test(text);
  const at = isDate ? Date.parse(text) : /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(at)) throw new Unreadable(`${text} is not a time`);
  return at;
}

function priceOf(
  cells: readonly string[],
  isListed: (symbol: string) => boolean,
): Omit<RecordedPrice, "afterMs"> {
  const [, symbol = ""] = cells;
  if (!isListed(symbol)) throw new Unreadable(`${symbol} is not listed`);
  if (cells.length > COLUMNS.length) {
    throw new Unreadable(`it has ${cells.length} values, and ${COLUMNS.length} are the most`);
  }
  const [last, bid, ask, bidSize, askSize] = [2, 3, 4, 5, 6].map((column) => amount(cells, column));
  if (!last) throw new Unreadable("it has no price");
  if (!bid !== !ask)
    throw new Unreadable(bid ? "it has a bid and no ask" : "it has an ask and no bid");
  if (bid && ask && bid.gt(ask)) {
    throw new Unreadable(`the bid of ${bid.toString()} is above the ask of ${ask.toString()}`);
  }
  const sizes = { bidSize: bidSize ?? null, askSize: askSize ?? null };
  return { symbol, last, bid: bid ?? last, ask: ask ?? last, ...sizes };
}

/** Null where nothing stands. */
function amount(cells: readonly string[], column: number): Decimal | null {
  const text = cells[column] ?? "";
  if (text === "") return null;
  const value = Decimal.tryParse(text);
  const name = COLUMNS[column] ?? "";
  if (value === null) throw new Unreadable(`the ${name} ${text} is not a number`);
  if (!value.isPositive()) throw new Unreadable(`the ${name} ${text} is not above zero`);
  return value;
}
