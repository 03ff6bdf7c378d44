// The HTTP side of the exchange: reads a request, lets the front or the control interface answer it,
// and lets the answer go when it is due, unless a fault has other plans.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AlpacaFront, Call } from "./alpaca/front.ts";
import type { WireAnswer } from "./alpaca/wire.ts";
import { wireError } from "./alpaca/wire.ts";
import type { ControlDoor } from "./control/door.ts";
import type { Exchange } from "./exchange.ts";
import type { Faults } from "./faults/faults.ts";
import type { FaultRule, RequestFault } from "./faults/rule.ts";
import { REQUEST_FAULTS } from "./faults/rule.ts";
import type { Settings } from "./settings.ts";

export interface DoorParts {
  readonly exchange: Exchange;
  readonly front: AlpacaFront;
  readonly control: ControlDoor;
  readonly faults: Faults;
  readonly settings: Settings;
}

const MAX_BODY_BYTES = 1024 * 1024;
const CONTROL = "/control";

export class HttpDoor {
  readonly #parts: DoorParts;

  constructor(parts: DoorParts) {
    this.#parts = parts;
  }

  receive(request: IncomingMessage, response: ServerResponse): void {
    // A client that goes away in the middle is no reason to fall.
    request.on("error", () => response.destroy());
    response.on("error", () => response.destroy());
    const isBodyless = request.method === "GET" || request.method === "DELETE";
    const handle = (body: string | null): void => {
      const where = `${request.method} ${request.url}`;
      const { mishaps } = this.#parts.exchange;
      if (!mishaps.survive(where, () => this.#handle(request, body, response))) response.destroy();
    };
    if (isBodyless && request.headers["content-length"] === undefined) handle("");
    else readBody(request, handle);
  }

  #handle(request: IncomingMessage, body: string | null, response: ServerResponse): void {
    const path = request.url ?? "/";
    if (path === CONTROL || path.startsWith(`${CONTROL}/`)) {
      this.#parts.control.receive(request, body ?? "", response);
      return;
    }
    const call = this.#parts.front.begin(request);
    if (this.#parts.front.stream(call, response)) return;
    const fault = this.#fault(call, body ?? "");
    if (fault === null) this.#answer(call, body, response, 0);
    else this.#fail(fault, call, body, response);
  }

  #fault(call: Call, body: string): FaultRule | null {
    if (this.#parts.faults.none) return null;
    const { method, path } = call;
    return this.#parts.faults.strike(REQUEST_FAULTS, { method, path, body });
  }

  #answer(call: Call, body: string | null, response: ServerResponse, extraMs: number): void {
    const answer = this.#work(call, body);
    this.#conclude(extraMs, () => this.#parts.front.send(call, answer, response));
  }

  #work(call: Call, body: string | null): WireAnswer {
    if (body === null) return wireError(413, 41310000, "request body is too large");
    return this.#parts.front.answer(call, body);
  }

  #fail(rule: FaultRule, call: Call, body: string | null, response: ServerResponse): void {
    const { clock } = this.#parts.exchange;
    const kind = rule.kind as RequestFault; // only request faults are asked for above
    switch (kind) {
      case "reset_before":
        response.destroy();
        return;
      case "reset_after":
        this.#work(call, body);
        this.#conclude(0, () => response.destroy());
        return;
      case "silence_before":
        return;
      case "silence_after":
        this.#work(call, body);
        return;
      case "status_before":
        this.#conclude(rule.delayMs, () => this.#sendFault(rule, call, response));
        return;
      case "status_after":
        this.#work(call, body);
        this.#conclude(rule.delayMs, () => this.#sendFault(rule, call, response));
        return;
      case "delay_before":
        clock.after(rule.delayMs, () => this.#answer(call, body, response, 0));
        return;
      case "delay_after":
        this.#answer(call, body, response, rule.delayMs);
    }
  }

  #sendFault(rule: FaultRule, call: Call, response: ServerResponse): void {
    const usual =
      rule.status === 429
        ? wireError(429, 42910000, "rate limit exceeded")
        : wireError(rule.status, 50010000, "internal server error");
    const answer = rule.body === null ? usual : { status: rule.status, body: rule.body };
    this.#parts.front.send(call, answer, response);
  }

  #conclude(extraMs: number, send: () => void): void {
    const { exchange, settings } = this.#parts;
    const delayMs = settings.answerDelayMs + extraMs;
    exchange.whenWritten(() => {
      if (delayMs <= 0) send();
      else exchange.clock.after(delayMs, send);
    });
  }
}

/** Null when the body is larger than anyone needs. */
function readBody(request: IncomingMessage, done: (body: string | null) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  });
  request.on("end", () => {
    const whole = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    done(size > MAX_BODY_BYTES ? null : (whole?.toString("utf8") ?? ""));
  });
}
