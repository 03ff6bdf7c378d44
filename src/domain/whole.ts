// Whole numbers of any size, always exact: a plain number as long as it is a safe integer, a bigint beyond.
// Each operation looks at its own result, so that no digit is ever lost between the two.

/** In one form only: what fits into a safe integer is a number, and zero has no sign. */
export type Whole = number | bigint;

export type Rounding = "down" | "half_up" | "half_even" | "up";

/** The powers of ten that are safe integers. */
const POWERS: readonly number[] = Array.from({ length: 16 }, (_, power) => 10 ** power);
/** Text of up to this many characters is a safe integer. */
const SAFE_LENGTH = 15;

export function wholeOf(digits: string): Whole {
  return digits.length <= SAFE_LENGTH ? Number(digits) + 0 : narrow(BigInt(digits));
}

/** The sum or product of two safe integers is rounded only where it is no safe integer any more. */
export function add(first: Whole, second: Whole): Whole {
  if (typeof first === "number" && typeof second === "number") {
    const sum = first + second;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return narrow(BigInt(first) + BigInt(second));
}

export function negate(value: Whole): Whole {
  return typeof value === "number" ? 0 - value : narrow(-value);
}

export function multiply(first: Whole, second: Whole): Whole {
  if (typeof first === "number" && typeof second === "number") {
    const product = first * second;
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return narrow(BigInt(first) * BigInt(second));
}

export function timesPowerOfTen(value: Whole, power: number): Whole {
  return power === 0 ? value : multiply(value, POWERS[power] ?? 10n ** BigInt(power));
}

/** The quotient as a whole number; the divisor must not be zero. */
export function divide(dividend: Whole, divisor: Whole, rounding: Rounding): Whole {
  if (typeof dividend === "number" && typeof divisor === "number") {
    const rest = dividend % divisor;
    const whole = (dividend - rest) / divisor + 0;
    if (rest === 0) return whole;
    const beyond = Math.abs(rest) - (Math.abs(divisor) - Math.abs(rest));
    const goesAway = roundsAway(rounding, beyond, whole % 2 !== 0);
    return goesAway ? whole + away(dividend, divisor) : whole;
  }
  const [over, under] = [BigInt(dividend), BigInt(divisor)];
  const [whole, rest] = [over / under, over % under];
  if (rest === 0n) return narrow(whole);
  const beyond = size(rest) - (size(under) - size(rest));
  const goesAway = roundsAway(rounding, beyond, whole % 2n !== 0n);
  return narrow(goesAway ? whole + BigInt(away(dividend, divisor)) : whole);
}

export function isDivisible(value: Whole, divisor: Whole): boolean {
  return typeof value === "number" && typeof divisor === "number"
    ? value % divisor === 0
    : BigInt(value) % BigInt(divisor) === 0n;
}

/** How many zeros stand at its end, of at most so many. */
export function trailingZeros(value: Whole, most: number): number {
  let count = 0;
  while (count + 4 <= most && isDivisible(value, POWERS[count + 4] ?? 10n ** BigInt(count + 4))) {
    count += 4;
  }
  while (count < most && isDivisible(value, POWERS[count + 1] ?? 10n ** BigInt(count + 1))) {
    count += 1;
  }
  return count;
}

function narrow(value: bigint): Whole {
  const near = Number(value);
  return Number.isSafeInteger(near) ? near : value;
}

/** Is a quotient with a rest taken away from zero? `beyond` tells on which side of the half it lies. */
function roundsAway(rounding: Rounding, beyond: Whole, isOdd: boolean): boolean {
  switch (rounding) {
    case "down":
      return false;
    case "up":
      return true;
    case "half_up":
      return beyond >= 0;
    case "half_even":
      return beyond > 0 || (beyond >= 0 && isOdd);
  }
}

function away(dividend: Whole, divisor: Whole): 1 | -1 {
  return dividend < 0 === divisor < 0 ? 1 : -1;
}

function size(value: bigint): bigint {
  return value < 0n ? -value : value;
}
