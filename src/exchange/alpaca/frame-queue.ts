// Between the exchange's events and the sockets: frames wait for their batch to be written, for the
// stream's delay, and for what a fault rule does to them.
import type { Exchange } from "../exchange.ts";
import type { Faults } from "../faults/faults.ts";
import type { FaultRule } from "../faults/rule.ts";
import { FRAME_FAULTS } from "../faults/rule.ts";
import type { Settings } from "../settings.ts";
import type { Frame } from "./trade-updates.ts";

export type Deliver = (frame: Frame) => void;

export class FrameQueue {
  readonly #exchange: Exchange;
  readonly #faults: Faults;
  readonly #settings: Settings;
  readonly #deliver: Deliver;
  #waiting: Frame[] = [];
  /** A frame held back until the next one has passed it. */
  #overtaken: Frame | null = null;

  constructor(exchange: Exchange, faults: Faults, settings: Settings, deliver: Deliver) {
    this.#exchange = exchange;
    this.#faults = faults;
    this.#settings = settings;
    this.#deliver = deliver;
    exchange.onFlushed(() => this.#release());
  }

  add(frame: Frame): void {
    this.#waiting.push(frame);
  }

  #release(): void {
    if (this.#waiting.length === 0) return;
    const batch = this.#waiting;
    this.#waiting = [];
    const send = (): void => {
      for (const frame of batch) this.#pass(frame);
    };
    const { streamDelayMs } = this.#settings;
    if (streamDelayMs <= 0) send();
    else this.#exchange.clock.after(streamDelayMs, send);
  }

  #pass(frame: Frame): void {
    const rule = this.#faults.none ? null : this.#faults.strike(FRAME_FAULTS, frame.subject);
    if (rule === null) this.#send(frame);
    else this.#disturb(frame, rule);
  }

  #disturb(frame: Frame, rule: FaultRule): void {
    switch (rule.kind) {
      case "drop_frame":
        return;
      case "duplicate_frame":
        for (let copy = 0; copy <= rule.copies; copy += 1) this.#send(frame);
        return;
      case "delay_frame":
        this.#exchange.clock.after(rule.delayMs, () => this.#deliver(frame));
        return;
      case "swap_frame":
        if (this.#overtaken !== null) this.#send(frame);
        else this.#overtaken = frame;
        return;
      default:
        throw new Error(`${rule.kind} is not a fault of frames`);
    }
  }

  #send(frame: Frame): void {
    this.#deliver(frame);
    const overtaken = this.#overtaken;
    this.#overtaken = null;
    if (overtaken !== null) this.#deliver(overtaken);
  }
}
