// What a broker says may hold what PostgreSQL's text cannot: a zero byte, or half of a surrogate pair.
// Every such piece becomes the replacement character where the text enters, so that the rest can be read,
// kept and shown. Before JSON is parsed, because there these pieces hide as escapes.

/** One quick look at each text is all that it costs: few hold any such escape. */
const SUSPECT = /\0|\\u0000|\\ud[89a-f]/i;
/** In this order: an escaped backslash hides what follows it, and a whole pair is no fault. */
const PIECES = /\\\\|\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|\\ud[89a-f][0-9a-f]{2}|\\u0000|\0/gi;
const REPLACEMENT = "\u{FFFD}";

/** Text of JSON or for people; bytes that are no UTF-8 were replaced by the same character before. */
export function storableText(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return text.replace(PIECES, (piece) =>
    piece === "\\\\" || piece.length === "\\ud800\\udc00".length ? piece : REPLACEMENT,
  );
}
