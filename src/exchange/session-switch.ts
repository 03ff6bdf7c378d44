// A session source whose mode can be changed while the exchange runs, and whose phase can be forced.
import { alwaysOpen } from "./session-open.ts";
import { byCalendar } from "./session-calendar.ts";
import type { Phase, SessionDay, SessionSource, SessionState } from "./session.ts";

export type SessionMode = "open" | "calendar";

export class SessionSwitch implements SessionSource {
  #mode: SessionMode;
  #forced: Phase | null = null;

  constructor(mode: SessionMode) {
    this.#mode = mode;
  }

  get mode(): SessionMode {
    return this.#mode;
  }

  get forcedPhase(): Phase | null {
    return this.#forced;
  }

  set(mode: SessionMode, forced: Phase | null): void {
    this.#mode = mode;
    this.#forced = forced;
  }

  get alwaysOpen(): boolean {
    return this.#mode === "open" && this.#forced === null;
  }

  at(now: number): SessionState {
    const state = this.#source.at(now);
    return this.#forced === null ? state : { ...state, phase: this.#forced };
  }

  days(from: string, to: string): readonly SessionDay[] {
    return this.#source.days(from, to);
  }

  get #source(): SessionSource {
    return this.#mode === "open" ? alwaysOpen : byCalendar;
  }
}
