// Seeded randomness. Each use draws from a stream of its own, named by the seed and a label, so that
// one more symbol or one more fault never shifts what the others see.

export interface RandomStream {
  /** A whole number of 32 bits. */
  next(): number;
  /** In [0, 1). For probabilities and shapes, never for money. */
  fraction(): number;
  /** A whole number in [low, high]. */
  between(low: number, high: number): number;
}

/** Mixes text into 32 bits (FNV-1a with a final avalanche). */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value ^= value >>> 16;
  value = Math.imul(value, 0x7feb352d);
  value ^= value >>> 15;
  value = Math.imul(value, 0x846ca68b);
  return (value ^ (value >>> 16)) >>> 0;
}

/** sfc32: small, fast, and passes the usual statistical batteries. */
export function randomStream(seed: string, label: string): RandomStream {
  let a = hash(`${seed}/${label}/a`);
  let b = hash(`${seed}/${label}/b`);
  let c = hash(`${seed}/${label}/c`);
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round += 1) next();
  return {
    next,
    fraction: () => next() / 0x1_0000_0000,
    between: (low, high) => low + (next() % (high - low + 1)),
  };
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function hex32(value: number): string {
  return (
    (HEX[value >>> 24] ?? "") +
    (HEX[(value >>> 16) & 255] ?? "") +
    (HEX[(value >>> 8) & 255] ?? "") +
    (HEX[value & 255] ?? "")
  );
}

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/**
 * Version 4 shaped UUIDs from a counter. Only the counter has to survive a restart for an id never
 * to be given twice; the low word holds the counter itself (a bijection of it), so no two can collide.
 */
export class IdSource {
  readonly #salt: readonly [number, number, number, number];
  #counter: number;

  constructor(seed: string, counter = 0) {
    const word = (label: string): number => hash(`${seed}/id/${label}`);
    this.#salt = [word("0"), word("1"), word("2"), word("3")];
    this.#counter = counter;
  }

  get counter(): number {
    return this.#counter;
  }

  skipTo(counter: number): void {
    this.#counter = Math.max(this.#counter, counter);
  }

  next(): string {
    this.#counter += 1;
    const count = this.#counter;
    const first = mix(count ^ this.#salt[0]);
    const second = hex32(mix((count + this.#salt[1]) | 0));
    const third = hex32(mix(Math.imul(count, 0x9e3779b1) ^ this.#salt[2]));
    const fourth = hex32((mix(count | 0) ^ this.#salt[3]) >>> 0);
    const variant = "89ab"[first & 3] ?? "8";
    return `${hex32(first)}-${second.slice(0, 4)}-4${second.slice(5)}-${variant}${third.slice(1, 4)}-${third.slice(4)}${fourth}`;
  }
}

/** A UUID that depends on nothing but the text: asset ids are the same in every exchange. */
export function uuidOf(text: string): string {
  return new IdSource(text).next();
}
