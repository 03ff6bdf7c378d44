// What may name a request, wherever the name comes from: a header, or a field of a stream's entry.
import { invalid } from "./problem.ts";

const KEY = /^[\x21-\x7e]{1,255}$/;

export function checkedKey(key: string, field: string): string {
  if (KEY.test(key)) return key;
  throw invalid(field, "must be 1 to 255 visible ASCII characters");
}
