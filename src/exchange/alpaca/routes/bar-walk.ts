// The next bars of a symbol for a page: from where the page before ended, in the order asked for, and no
// further than the page has room. However wide a question is, one answer looks at a bounded number of
// bars: where most of them lie in closed hours, the page ends early and says where to go on.
import type { Asset } from "../../core/asset.ts";
import type { Bar } from "../../market/bars.ts";
import type { Timeframe } from "../../market/timeframe.ts";
import { barStart, nextBar } from "../../market/timeframe.ts";
import { DAY_MS } from "../../new-york.ts";
import type { AlpacaContext } from "../context.ts";
import type { Looked, PageQuery, Stretch } from "./page-query.ts";

/** Bars looked at for one answer, of all its symbols: a few tenths of a second. */
const MAX_LOOKED_AT = 30_000;

export interface BarQuestion extends PageQuery {
  readonly timeframe: Timeframe;
}

export class BarWalk {
  readonly #context: AlpacaContext;
  readonly #question: BarQuestion;
  readonly #now: number;
  #left = MAX_LOOKED_AT;

  constructor(context: AlpacaContext, question: BarQuestion, now: number) {
    this.#context = context;
    this.#question = question;
    this.#now = now;
  }

  next(asset: Asset, { after, room }: Stretch): Looked<Bar> {
    const { timeframe, descending } = this.#question;
    const rows: Bar[] = [];
    let start = after === null ? this.#first() : this.#behind(after);
    while (this.#isInside(start)) {
      if (this.#left <= 0) return { rows, stoppedAt: descending ? start + 1 : start - 1 };
      this.#left -= 1;
      const bar = this.#bar(asset, start, nextBar(timeframe, start) - start);
      if (bar !== null) rows.push(bar);
      if (rows.length === room) break;
      start = this.#behind(start);
    }
    return { rows, stoppedAt: null };
  }

  #first(): number {
    const { timeframe, descending, from, to } = this.#question;
    if (descending) return barStart(timeframe, Math.min(to, this.#now));
    const start = barStart(timeframe, from);
    return start < from ? nextBar(timeframe, start) : start;
  }

  /** The next start in the order asked for, of any instant: where a page ended need not be a start. */
  #behind(at: number): number {
    const { timeframe, descending } = this.#question;
    return descending ? barStart(timeframe, at - 1) : nextBar(timeframe, barStart(timeframe, at));
  }

  #isInside(start: number): boolean {
    const { descending, from, to } = this.#question;
    return descending ? start >= from : start <= Math.min(to, this.#now);
  }

  #bar(asset: Asset, start: number, lengthMs: number): Bar | null {
    if (!this.#trades(asset, start)) return null;
    return this.#context.exchange.bars.bar(asset.symbol, start, lengthMs, this.#now);
  }

  /** Stocks have no bars where their session is closed. */
  #trades(asset: Asset, at: number): boolean {
    const { unit } = this.#question.timeframe;
    const { sessions } = this.#context.exchange.engine.world;
    if (asset.assetClass === "crypto" || sessions.alwaysOpen) return true;
    if (unit === "week" || unit === "month") return true;
    const state = sessions.at(at + (unit === "day" ? DAY_MS / 2 : 0));
    return unit === "day" ? state.isMarketDay : state.phase !== "closed";
  }
}
