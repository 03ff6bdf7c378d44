// Whether a MessagePack text has all that its headers announce. A decoder makes room for what is announced
// before it looks whether it is there: a frame of some thousand bytes could ask for all memory there is.

interface Head {
  /** Of the head and of what follows it that is no element. */
  readonly length: number;
  readonly elements: number;
}

/** Lengths of what has the same length always, by its first byte. */
const FIXED: Readonly<Record<number, number>> = {
  ...{ 0xc0: 1, 0xc2: 1, 0xc3: 1, 0xca: 5, 0xcb: 9, 0xcc: 2, 0xcd: 3, 0xce: 5, 0xcf: 9 },
  ...{ 0xd0: 2, 0xd1: 3, 0xd2: 5, 0xd3: 9, 0xd4: 3, 0xd5: 4, 0xd6: 6, 0xd7: 10, 0xd8: 18 },
};

/** What counts its own bytes: how wide the count is, and what stands between it and them. */
const COUNTED: Readonly<Record<number, readonly [width: number, besides: number]>> = {
  ...{ 0xc4: [1, 0], 0xc5: [2, 0], 0xc6: [4, 0] },
  ...{ 0xc7: [1, 1], 0xc8: [2, 1], 0xc9: [4, 1] },
  ...{ 0xd9: [1, 0], 0xda: [2, 0], 0xdb: [4, 0] },
};

/** What counts its elements: how wide the count is, and how many elements each stands for. */
const NESTED: Readonly<Record<number, readonly [width: number, each: number]>> = {
  ...{ 0xdc: [2, 1], 0xdd: [4, 1], 0xde: [2, 2], 0xdf: [4, 2] },
};

export function isWhole(raw: Buffer): boolean {
  let at = 0;
  // Each element still to come is one byte at least, so that no list can be longer than what is left.
  for (let waiting = 1; waiting > 0;) {
    if (waiting > raw.length - at) return false;
    const head = headAt(raw, at);
    if (head === null) return false;
    at += head.length;
    waiting += head.elements - 1;
  }
  return at === raw.length;
}

function headAt(raw: Buffer, at: number): Head | null {
  const first = raw[at] ?? 0xc1;
  if (first < 0x80 || first >= 0xe0) return { length: 1, elements: 0 };
  if (first < 0x90) return { length: 1, elements: 2 * (first & 0x0f) };
  if (first < 0xa0) return { length: 1, elements: first & 0x0f };
  if (first < 0xc0) return { length: 1 + (first & 0x1f), elements: 0 };
  const fixed = FIXED[first];
  if (fixed !== undefined) return { length: fixed, elements: 0 };
  return countedAt(raw, at, first);
}

function countedAt(raw: Buffer, at: number, first: number): Head | null {
  const bytes = COUNTED[first];
  const nested = NESTED[first];
  const [width] = bytes ?? nested ?? [0];
  if (width === 0 || at + width >= raw.length) return null;
  const count = raw.readUIntBE(at + 1, width);
  if (bytes !== undefined) return { length: 1 + width + bytes[1] + count, elements: 0 };
  return { length: 1 + width, elements: count * (nested?.[1] ?? 1) };
}
