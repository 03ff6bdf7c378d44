// Connections within one process: what is written at one end is read at the other, a turn later. Real
// HTTP and WebSocket run over them, without a port, and in the same order every time.
import { Duplex } from "node:stream";

/** Nothing was carried for so many turns: whoever was going to answer has answered. */
const QUIET_TURNS = 6;

export class Pipes {
  #carried = 0;

  /** The near end of a new connection; the far one is handed to whoever serves it. */
  connect(serve: (connection: Duplex) => void): Duplex {
    const carry = (deliver: () => void) => this.#carry(deliver);
    const near = new End(carry);
    const far = new End(carry);
    near.peer = far;
    far.peer = near;
    carry(() => serve(far));
    return near;
  }

  async quiet(): Promise<void> {
    for (let still = 0; still < QUIET_TURNS; still += 1) {
      const before = this.#carried;
      await turn();
      if (this.#carried !== before) still = -1;
    }
  }

  #carry(deliver: () => void): void {
    this.#carried += 1;
    setImmediate(() => {
      this.#carried += 1;
      deliver();
    });
  }
}

class End extends Duplex {
  peer: End | null = null;
  readonly #carry: (deliver: () => void) => void;
  #ended = false;

  constructor(carry: (deliver: () => void) => void) {
    super({ allowHalfOpen: false });
    this.#carry = carry;
  }

  override _read(): void {
    // Everything comes by itself.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#carry(() => {
      this.peer?.hear(chunk);
      done();
    });
  }

  override _final(done: () => void): void {
    this.#hangUp();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#hangUp();
    done(error);
  }

  hear(chunk: Buffer | null): void {
    if (this.destroyed || this.#ended) return;
    if (chunk === null) this.#ended = true;
    this.push(chunk);
  }

  #hangUp(): void {
    this.#carry(() => this.peer?.hear(null));
  }

  // What clients and servers ask of a network socket beyond being a stream. There are no timers here:
  // a connection within a process does not go stale.
  setKeepAlive(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
