// What the exchange survives in front of users is a failure in front of tests.
import type { OnMishap } from "../../src/exchange/mishaps.ts";

export const noMishap: OnMishap = (where, error) => {
  throw new Error(`the exchange failed at ${where}`, { cause: error });
};
