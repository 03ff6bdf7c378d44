// How the simulated market behaves where real ones differ: switches, each with its usual setting.
import { Decimal } from "../../domain/decimal.ts";

/**
 * `per_order`: every order may take the displayed size once per quote, so that throughput does not
 * depend on how many orders come at once. `shared`: a quote's size is gone once taken.
 * `unlimited`: size is ignored, as Alpaca's paper trading does.
 */
export type Liquidity = "per_order" | "shared" | "unlimited";

export interface Policy {
  liquidity: Liquidity;
  /** How often a fill is cut short, as Alpaca's paper trading does at about 0.1. */
  partialFillProbability: number;
  /** How long the venue takes to act on an order, a cancel, a replace. */
  venueDelayMs: number;
  /** Whether the cancel of the other exit is told on the stream; the real one often is not. */
  tellSiblingCancels: boolean;
  /** Events beyond the classic list, which strict clients cannot read. */
  exoticEvents: boolean;
  /** A replacement of a partly filled order starts with that fill, or with what was left. */
  replaceCarriesFills: boolean;
  /** Taken out of the coin that a crypto trade credits; paper trading takes nothing. */
  cryptoFeeRate: Decimal;
}

export function usualPolicy(): Policy {
  return {
    liquidity: "per_order",
    partialFillProbability: 0,
    venueDelayMs: 0,
    tellSiblingCancels: true,
    exoticEvents: false,
    replaceCarriesFills: false,
    cryptoFeeRate: Decimal.ZERO,
  };
}
