// What may go wrong on purpose, and the rules that say when.
import type { Order } from "../core/order.ts";

/** `before` and `after` are told from the exchange's side: before or after it acted. */
export const REQUEST_FAULTS = [
  "reset_before",
  "reset_after",
  "silence_before",
  "silence_after",
  "status_before",
  "status_after",
  "delay_before",
  "delay_after",
] as const;

export const FRAME_FAULTS = ["drop_frame", "duplicate_frame", "delay_frame", "swap_frame"] as const;

export const VENUE_FAULTS = [
  "reject_order",
  "stuck_cancel",
  "refuse_cancel",
  "fill_after_cancel",
  "bust_fill",
  "correct_fill",
] as const;

export type RequestFault = (typeof REQUEST_FAULTS)[number];
export type FrameFault = (typeof FRAME_FAULTS)[number];
export type VenueFault = (typeof VENUE_FAULTS)[number];
export type FaultKind = RequestFault | FrameFault | VenueFault;

export const FAULT_KINDS: readonly FaultKind[] = [
  ...REQUEST_FAULTS,
  ...FRAME_FAULTS,
  ...VENUE_FAULTS,
];

/** All that is given must hold; what is left out holds for everything. */
export interface FaultWhere {
  readonly method?: string;
  /** The path starts with this. */
  readonly path?: string;
  /** The request body contains this, for example a client order id. */
  readonly bodyContains?: string;
  readonly symbol?: string;
  readonly event?: string;
  readonly clientOrderId?: string;
}

export interface FaultRule {
  readonly id: string;
  readonly kind: FaultKind;
  readonly probability: number;
  /** How many times it may strike; null for ever. */
  times: number | null;
  /** How many matches it lets pass first. */
  skip: number;
  readonly where: FaultWhere;
  readonly status: number;
  readonly body: string | null;
  readonly delayMs: number;
  /** How often a frame is repeated. */
  readonly copies: number;
  /** For `correct_fill`: the price it is corrected to, as a difference. */
  readonly priceBy: string;
  struck: number;
}

export interface FaultSubject {
  readonly method?: string;
  readonly path?: string;
  readonly body?: string;
  readonly symbol?: string;
  readonly event?: string;
  readonly clientOrderId?: string;
}

export function matches(where: FaultWhere, subject: FaultSubject): boolean {
  return (
    (where.method === undefined || where.method === subject.method) &&
    (where.path === undefined || (subject.path?.startsWith(where.path) ?? false)) &&
    (where.bodyContains === undefined || (subject.body?.includes(where.bodyContains) ?? false)) &&
    (where.symbol === undefined || where.symbol === subject.symbol) &&
    (where.event === undefined || where.event === subject.event) &&
    (where.clientOrderId === undefined || where.clientOrderId === subject.clientOrderId)
  );
}

export function subjectOf(order: Order, event?: string): FaultSubject {
  return {
    symbol: order.asset.symbol,
    clientOrderId: order.clientOrderId,
    ...(event === undefined ? {} : { event }),
  };
}
