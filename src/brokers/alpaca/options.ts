// Where an Alpaca account lives and how it is entered: handed in by whoever composes the process.
import type { AccountId } from "../../domain/ids.ts";
import type { SymbolDirectory } from "../../ports/broker.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Connect } from "./agent.ts";
import type { AssetRules } from "./instrument.ts";

export interface AlpacaEndpoint {
  /** `https://paper-api.alpaca.markets`, `https://api.alpaca.markets`, or an exchange on loopback. */
  readonly tradingUrl: string;
  readonly dataUrl: string;
  /** The socket of trade updates: `wss://paper-api.alpaca.markets/stream`. */
  readonly streamUrl: string;
  readonly keyId: string;
  readonly secret: string;
  /** False only for real money. */
  readonly paper: boolean;
  /** How connections are made; over the network when left out. */
  readonly connect?: Connect;
}

export interface AlpacaAccountOptions extends AlpacaEndpoint {
  readonly accountId: AccountId;
  readonly clock: Clock;
  /** Names the instruments behind the symbols that the broker writes. */
  readonly directory: SymbolDirectory;
  readonly rules: AssetRules;
  /** A call that takes longer has failed, whatever its caller's own deadline says. */
  readonly callTimeoutMs?: number;
}

/** An option that is left out stays left out. */
export function connectOf({ connect }: Pick<AlpacaEndpoint, "connect">) {
  return connect === undefined ? {} : { connect };
}

const LIVE_HOST = "api.alpaca.markets";
const PAPER_HOST = "paper-api.alpaca.markets";

/** Keys of one kind on a host of the other must never reach the wire. */
export function refuseMixedEndpoint({ tradingUrl, paper }: AlpacaEndpoint): void {
  const { hostname } = new URL(tradingUrl);
  if (paper && hostname === LIVE_HOST) {
    throw new RangeError(`${tradingUrl} trades real money, but the account is a paper account`);
  }
  if (!paper && hostname === PAPER_HOST) {
    throw new RangeError(`${tradingUrl} is the paper host, but the account is a live account`);
  }
}
