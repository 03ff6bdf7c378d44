// Limits against the account's equity need the broker to have told it.
import { inputRule } from "./missing-input.ts";

export const noAccountEquity = inputRule("no_account_equity");
