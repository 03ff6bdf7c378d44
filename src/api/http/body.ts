// Reads a request's body: bounded, JSON only, numbers kept as the text that was sent.
import { parse } from "lossless-json";
import { Problem } from "../../app/problem.ts";
import { NumberText } from "../../app/number-text.ts";

export const MAX_BODY_BYTES = 64 * 1024;
/** A thousand signals at their longest. */
export const MAX_BATCH_BYTES = 2 * 1024 * 1024;

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json(?:\s*;|$)/i;

export async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  requireJson(request);
  return parseJson(await readText(request, maxBytes));
}

export function requireJson(request: Request): void {
  const type = request.headers.get("content-type");
  if (type === null || !JSON_TYPE.test(type)) {
    throw new Problem(
      "unsupported_media_type",
      "Send JSON, with the header Content-Type: application/json.",
    );
  }
}

export function parseJson(text: string): unknown {
  if (text.trim() === "") throw new Problem("malformed_request", "The body is empty.");
  try {
    return parse(text, null, { parseNumber: (literal) => new NumberText(literal) });
  } catch (error: unknown) {
    // Also a stack that a thousand brackets used up: the sender's mistake like any other.
    const why = error instanceof Error ? error.message : "it cannot be parsed";
    throw new Problem("malformed_request", `The body is not JSON: ${why.slice(0, 200)}.`);
  }
}

/** The body as text; larger than allowed is refused before it is read, or as soon as it shows. */
export async function readText(request: Request, maxBytes: number): Promise<string> {
  const length = request.headers.get("content-length");
  if (length !== null) {
    // Node has checked the header's form, and gives exactly so many bytes.
    if (Number(length) > maxBytes) throw tooLarge(maxBytes);
    return request.text();
  }
  const stream = request.body;
  if (stream === null) return "";
  return readStream(stream, maxBytes);
}

async function readStream(stream: ReadableStream<Uint8Array>, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      await reader.cancel().catch(() => undefined);
      throw tooLarge(maxBytes);
    }
    text += decoder.decode(value, { stream: true });
  }
}

function tooLarge(maxBytes: number): Problem {
  return new Problem("too_large", `The body may have at most ${maxBytes} bytes.`);
}
