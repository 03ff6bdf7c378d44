// What the control interface may reach: everything, since it stands outside the game.
import type { RateLimit } from "../alpaca/rate-limit.ts";
import type { Exchange } from "../exchange.ts";
import type { Faults } from "../faults/faults.ts";
import type { SessionSwitch } from "../session-switch.ts";
import type { Settings } from "../settings.ts";

export interface Streams {
  readonly count: number;
  /** Null ends the sockets without a word, as a lost connection does. */
  close(code: number | null): void;
  silence(on: boolean): void;
  /** New sockets are turned away while this is on. */
  refuse(on: boolean): void;
}

export interface ControlContext {
  readonly exchange: Exchange;
  readonly faults: Faults;
  readonly settings: Settings;
  readonly sessions: SessionSwitch;
  readonly streams: Streams;
  readonly tradingLimit: RateLimit;
  readonly dataLimit: RateLimit;
}

export interface ControlRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parsed JSON, or null without a body. */
  readonly body: unknown;
  readonly now: number;
}

export interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

export type ControlHandler = (context: ControlContext, request: ControlRequest) => ControlAnswer;

export function ok(body: unknown): ControlAnswer {
  return { status: 200, body };
}

/** Thrown by a handler, answered with its sentence. */
export class ControlRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function missing(what: string): ControlRefusal {
  return new ControlRefusal(404, `There is no ${what}.`);
}
