// What a mode calls its own: the venue of its stocks and the account that it trades with.
import type { Config } from "../config.ts";
import type { Account } from "../domain/book.ts";
import { asId, type AccountId } from "../domain/ids.ts";
import type { Venue } from "../domain/instrument.ts";

/** The simulated exchange never closes unless it follows the real calendar. */
export function stockVenueOf(config: Config): Venue {
  return config.mode === "mock" && config.mock.session === "open" ? "SIM" : "XNYS";
}

/** One account per environment, so that rows of one never meet the keys of another. */
export function homeAccount(config: Config): Account {
  return {
    id: asId<AccountId>(config.mode),
    broker: "alpaca",
    environment: config.mode,
    currency: "USD",
    dayZone: "America/New_York",
    dayRoll: "00:00",
  };
}
