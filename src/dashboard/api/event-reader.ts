// Server-sent events out of pieces of text, however they were cut.

export interface SentEvent {
  /** Null for values of the moment, which have no place in the log. */
  readonly id: string | null;
  readonly name: string;
  readonly data: string;
}

export class EventReader {
  #rest = "";

  /** The events that are complete with this piece. */
  read(piece: string): readonly SentEvent[] {
    const blocks = (this.#rest + piece).split(/\r?\n\r?\n/);
    this.#rest = blocks.pop() ?? "";
    return blocks.flatMap((block) => eventOf(block) ?? []);
  }
}

function eventOf(block: string): SentEvent | null {
  let [id, name]: [string | null, string] = [null, "message"];
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const colon = line.indexOf(":");
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "id") id = value;
    else if (field === "event") name = value;
    else if (field === "data") data.push(value);
  }
  return data.length === 0 ? null : { id, name, data: data.join("\n") };
}
