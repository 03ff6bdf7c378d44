// What the risk chain is asked about, and what it answers. One order on its way, with everything a rule
// may look at: rules read, they never change anything.
import type { AccountBook, Context } from "../book.ts";
import type { UsedMark } from "../event.ts";
import type { InstrumentId, OrderId, StrategyId } from "../ids.ts";
import type { Instrument } from "../instrument.ts";
import type { OrderTerms } from "../order/spec.ts";
import type { Refusal, Verdict } from "../refusal.ts";

export interface Candidate {
  readonly account: AccountBook;
  readonly instrument: Instrument;
  readonly strategyId: StrategyId | null;
  readonly terms: OrderTerms;
  /** The order itself when it is already in the book (a release), so that it is not counted twice. */
  readonly placedOrderId: OrderId | null;
  /** Sibling orders that will follow in the same decision (the second half of a flip). */
  readonly siblings: readonly OrderTerms[];
  /** Orders of the same decision that go first and are not in the book yet (the first half of a flip). */
  readonly preceding?: readonly OrderTerms[];
  /** Orders that will be terminal before this one is sent: they neither add to it nor take from it. */
  readonly waitsFor?: readonly OrderId[];
  readonly receivedAt: number;
  readonly validUntil: number | null;
  readonly onMarketClosed: "reject" | "queue" | null;
  /** A hold asked for by policy replaces the age of the signal by its own expiry. */
  readonly heldByPolicy: boolean;
  readonly context: Context;
}

export interface RiskAnswer {
  readonly verdicts: readonly Verdict[];
  /**
   * The first failing rule in the order of RULE_CODES; null lets the order through, unless it has to
   * wait for the open (`holdForOpenUntil`) or for a price (`missingPrice`).
   */
  readonly refusal: Refusal | null;
  /** Strictly lowers |position| within the free quantity (invariant 6). */
  readonly reducesPosition: boolean;
  readonly mark: UsedMark | null;
  /** Set when nothing is wrong but the closed market, and policy says to wait: hold until then. */
  readonly holdForOpenUntil: number | null;
  /** Set when nothing is wrong but that a price is missing or too old. */
  readonly missingPrice: boolean;
  /** What the refusal is when that price does not come in time. */
  readonly refusalWithoutPrice: Refusal | null;
  /** The instruments whose price would be needed: the order's own, or others that are held. */
  readonly wantedMarks: readonly InstrumentId[];
}
