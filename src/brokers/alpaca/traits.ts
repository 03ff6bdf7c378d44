// What Alpaca promises, as the core needs to know it. Sources: Alpaca's pages on working with orders.
import type { BrokerTraits } from "../../domain/broker.ts";
import { asId } from "../../domain/ids.ts";
import type { BrokerReference } from "../../domain/ids.ts";

/** Deadline of one call. Alpaca answers an order in well under a second when it is well. */
export const CALL_TIMEOUT_MS = 10_000;

const OURS = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-\d+$/;

export const ALPACA_TRAITS: BrokerTraits = {
  name: "alpaca",
  // A client order id stays used after a fill and after a cancel.
  referenceUnique: "forever",
  findsByReference: true,
  // Our own deadline, and as long again for a request that lingers in a gateway. Nothing published
  // bounds the latter: an assumption, on the long side because it only costs patience.
  longestFlightMs: 30_000,
  lookupsBeforeNeverArrived: 3,
  makesExitLegs: true,
  canReplace: true,
  showsWhatCounts: true,
  // At 200 requests a minute this leaves most of the budget to orders even with dozens resting.
  quietOrderMs: 60_000,
  // 36 characters of a UUID, a hyphen and the generation: far below the 128 that Alpaca takes, and
  // never used twice because neither order ids nor an order's generations are.
  reference: (orderId, generation) => asId<BrokerReference>(`${orderId}-${generation}`),
  // Alpaca names orders without a client id by a plain UUID: ours end in their generation.
  recognises: (reference) => OURS.test(reference),
};
