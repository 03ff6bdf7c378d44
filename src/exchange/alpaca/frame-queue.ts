// Between the exchange's events and the sockets: frames wait for their batch to be written, for the
// stream's delay, and for what a fault rule does to them.
import type { Exchange } from "../exchange.ts";
import type { Faults } from "../faults/faults.ts";
import type { FaultRule } from "../faults/rule.ts";
import { FRAME_FAULTS } from "../faults/rule.ts";
import type { Settings } from "../settings.ts";
import type { Frame } from "./trade-updates.ts";

export type Deliver = (frames: readonly Frame[]) => void;

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
    const isCalm = this.#faults.none && this.#overtaken === null;
    const send = (): void => this.#deliver(isCalm ? batch : this.#disturbed(batch));
    const { streamDelayMs } = this.#settings;
    if (streamDelayMs <= 0) send();
    else this.#exchange.clock.after(streamDelayMs, send);
  }

  #disturbed(batch: readonly Frame[]): readonly Frame[] {
    const out: Frame[] = [];
    for (const frame of batch) {
      const rule = this.#faults.strike(FRAME_FAULTS, frame.subject);
      if (rule === null) this.#pass(frame, out);
      else this.#disturb(frame, rule, out);
    }
    return out;
  }

  #disturb(frame: Frame, rule: FaultRule, out: Frame[]): void {
    switch (rule.kind) {
      case "drop_frame":
        return;
      case "duplicate_frame":
        for (let copy = 0; copy <= rule.copies; copy += 1) this.#pass(frame, out);
        return;
      case "delay_frame":
        this.#exchange.clock.after(rule.delayMs, () => this.#deliver([frame]));
        return;
      case "swap_frame":
        if (this.#overtaken !== null) this.#pass(frame, out);
        else this.#overtaken = frame;
        return;
      default:
        throw new Error(`${rule.kind} is not a fault of frames`);
    }
  }

  #pass(frame: Frame, out: Frame[]): void {
    out.push(frame);
    if (this.#overtaken !== null) out.push(this.#overtaken);
    this.#overtaken = null;
  }
}
