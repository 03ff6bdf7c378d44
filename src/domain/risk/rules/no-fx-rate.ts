// A limit in another currency needs a rate of the day.
import { inputRule } from "./missing-input.ts";

export const noFxRate = inputRule("no_fx_rate");
