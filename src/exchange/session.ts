// When the stock market trades. The exchange asks this small interface and nothing else; one source
// is always open, another follows a real calendar.

/** `overnight` and `closed` differ only in whether an overnight venue trades. */
export type Phase = "closed" | "pre" | "core" | "post" | "overnight";

export interface SessionState {
  readonly phase: Phase;
  /** When the phase ends, in milliseconds since the epoch. */
  readonly phaseUntil: number;
  /** The day that orders sent now belong to, `YYYY-MM-DD`. */
  readonly tradingDay: string;
  readonly isMarketDay: boolean;
  readonly nextOpen: number;
  readonly nextClose: number;
}

/** One trading day; instants in milliseconds since the epoch. */
export interface SessionDay {
  readonly date: string;
  readonly preStart: number;
  readonly coreStart: number;
  readonly coreEnd: number;
  readonly postEnd: number;
  readonly settlementDate: string;
}

export interface SessionSource {
  readonly alwaysOpen: boolean;
  at(now: number): SessionState;
  /** The trading days from one date to another, both included. */
  days(from: string, to: string): readonly SessionDay[];
}
