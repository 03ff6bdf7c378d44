// The live screen: positions above, what happened below; drawn anew at most ten times a second.
import { stdout } from "node:process";
import type { StreamEvent } from "../../client/stream.ts";
import type { Position } from "../../client/types.ts";
import { table } from "../sql/table.ts";
import { gain, painted, shortInstant } from "./print.ts";

const DRAW_EVERY_MS = 100;
const MAX_LINES = 500;
const ALTERNATE_ON = "\u001b[?1049h\u001b[?25l";
const ALTERNATE_OFF = "\u001b[?1049l\u001b[?25h";
const HOME = "\u001b[H\u001b[J";

export class Screen {
  readonly #positions = new Map<string, Position>();
  readonly #lines: string[] = [];
  #state = "connecting";
  #due: NodeJS.Timeout | null = null;

  constructor(positions: readonly Position[]) {
    for (const position of positions) this.#positions.set(keyOf(position), position);
    stdout.write(ALTERNATE_ON);
    this.#draw();
  }

  show(event: StreamEvent): void {
    this.#state = "live";
    if (event.topic === "position" && event.id === null) {
      // The stream's own shape of a position, the same as the listing's.
      const position = event.data as unknown as Position;
      if (position.side === "flat") this.#positions.delete(keyOf(position));
      else this.#positions.set(keyOf(position), position);
    } else if (event.id !== null && event.topic !== "hello") {
      this.#lines.push(lineOf(event));
      if (this.#lines.length > MAX_LINES) this.#lines.splice(0, MAX_LINES / 2);
    }
    this.#soon();
  }

  lost(reason: string): void {
    this.#state = `LOST: ${reason}`;
    this.#soon();
  }

  leave(): void {
    if (this.#due !== null) clearTimeout(this.#due);
    stdout.write(ALTERNATE_OFF);
  }

  #soon(): void {
    this.#due ??= setTimeout(() => {
      this.#due = null;
      this.#draw();
    }, DRAW_EVERY_MS);
  }

  #draw(): void {
    const state = this.#state === "live" ? this.#state : painted(this.#state, "red");
    const head = `Fillstream  ${state}  ${new Date().toISOString().slice(11, 19)}Z   Ctrl-C ends\n\n`;
    const above = head + this.#positionTable();
    const rows = Math.max(0, stdout.rows - above.split("\n").length - 1);
    stdout.write(`${HOME}${above}\n${this.#lines.slice(-rows).join("\n")}`);
  }

  #positionTable(): string {
    const rows = [...this.#positions.values()].map((position) => [
      position.account,
      position.symbol,
      position.qty,
      position.avg_price ?? "",
      position.last_price ?? "?",
      position.market_value ?? "?",
      position.unrealized_pnl === null ? "?" : gain(position.unrealized_pnl),
      position.max_position_size_usd.used_percent ?? "",
    ]);
    const titles = [
      "account",
      "symbol",
      "qty",
      "average",
      "last",
      "value",
      "unrealized",
      "of limit %",
    ];
    return rows.length === 0 ? "No positions.\n" : table(titles, rows);
  }
}

function keyOf({ account, symbol }: Position): string {
  return `${account} ${symbol}`;
}

function lineOf({ data }: StreamEvent): string {
  const text = (name: string): string => {
    const value = data[name];
    return typeof value === "string" ? value : "";
  };
  const order = text("order_id");
  return `${shortInstant(text("at"))}  ${text("account")}  ${text("type")}  ${order.slice(-12)}  ${text("actor")}`;
}
