// Sums of money kept apart by currency, until somebody asks for them in one.
import { Decimal } from "../decimal.ts";
import type { Currency } from "../instrument.ts";
import type { RateSource } from "../market.ts";
import { convert } from "./money.ts";
import { isMissing } from "./rule.ts";
import type { MissingInput } from "./rule.ts";

export class CurrencySums {
  readonly #sums = new Map<Currency, Decimal>();

  add(currency: Currency, amount: Decimal): void {
    if (amount.isZero()) return;
    this.#sums.set(currency, this.#sums.get(currency)?.plus(amount) ?? amount);
  }

  /** One part of a sum has another amount now; null counts nothing. */
  replace(currency: Currency, before: Decimal | null, after: Decimal | null): void {
    if (before === null) this.add(currency, after ?? Decimal.ZERO);
    else if (after === null) this.add(currency, before.negated());
    else this.add(currency, after.minus(before));
  }

  in(currency: Currency, rates: RateSource, now: number): Decimal | MissingInput {
    let total = Decimal.ZERO;
    for (const [from, sum] of this.#sums) {
      const converted = convert(sum, { from, to: currency, rates, now });
      if (isMissing(converted)) return converted;
      total = total.plus(converted);
    }
    return total;
  }
}
