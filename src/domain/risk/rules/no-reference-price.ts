// Without a price an order has no worth that could be judged.
import { inputRule } from "./missing-input.ts";

export const noReferencePrice = inputRule("no_reference_price");
