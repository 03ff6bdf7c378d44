// ULIDs for stream events: sortable by time, then by a counter.

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

function encode(value: number, length: number): string {
  let text = "";
  let rest = value;
  for (let index = 0; index < length; index += 1) {
    text = (ALPHABET[rest % 32] ?? "0") + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** Of a microsecond stamp, which is unique here: so is the ULID. `rank` tells apart what has one stamp. */
export function ulid(micros: number, rank = 0): string {
  const milliseconds = Math.floor(micros / 1000);
  return `${encode(milliseconds, 10)}${encode(micros % 1000, 2)}${encode(micros, 11)}${encode(rank, 3)}`;
}

export const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
