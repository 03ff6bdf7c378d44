// Sums of money kept apart by currency, until somebody asks for them in one.
import { Decimal } from "../decimal.ts";
import type { Currency } from "../instrument.ts";
import type { RateSource } from "../market.ts";
import { convert } from "./money.ts";
import { isMissing } from "./rule.ts";
import type { MissingInput } from "./rule.ts";

export interface Money {
  readonly currency: Currency;
  readonly amount: Decimal;
}

export class CurrencySums {
  readonly #sums = new Map<Currency, Decimal>();

  add(currency: Currency, amount: Decimal): void {
    if (amount.isZero()) return;
    this.#sums.set(currency, this.#sums.get(currency)?.plus(amount) ?? amount);
  }

  /** One part of a sum is another amount now; null counts nothing. */
  replace(before: Money | null, after: Money | null): void {
    if (before !== null && after !== null && before.currency === after.currency) {
      this.add(after.currency, after.amount.minus(before.amount));
      return;
    }
    if (before !== null) this.add(before.currency, before.amount.negated());
    if (after !== null) this.add(after.currency, after.amount);
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
