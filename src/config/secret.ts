// A value that no log, template or JSON shows: it must be asked for by name.
import { inspect } from "node:util";

export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** Only where it leaves for the one it was made for. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [inspect.custom](): string {
    return "[secret]";
  }
}

/** The address of a server without its password, for a line that a person reads. */
export function withoutPassword(address: string): string {
  if (!URL.canParse(address)) return "[address]";
  const url = new URL(address);
  if (url.password !== "") url.password = "***";
  if (url.searchParams.has("password")) url.searchParams.set("password", "***");
  return url.href;
}
