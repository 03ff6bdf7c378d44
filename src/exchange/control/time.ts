// Time and sessions by hand.
import { z } from "zod";
import { newYorkTimestamp } from "../new-york.ts";
import type { ControlContext, ControlHandler } from "./context.ts";
import { ControlRefusal, ok } from "./context.ts";
import { parseBody } from "./shapes.ts";

function timeJson({ exchange, sessions }: ControlContext): Record<string, unknown> {
  const { session } = exchange.engine.world;
  return {
    now: new Date(exchange.clock.now()).toISOString(),
    new_york: newYorkTimestamp(exchange.clock.now()),
    session: sessions.mode,
    forced_phase: sessions.forcedPhase,
    phase: session.phase,
    phase_until: new Date(session.phaseUntil).toISOString(),
    trading_day: session.tradingDay,
  };
}

export const getTime: ControlHandler = (context) => ok(timeJson(context));

const clockShape = z.union([
  z.strictObject({ advance_ms: z.int().min(0) }),
  z.strictObject({ jump_to: z.iso.datetime({ offset: true }) }),
  z.strictObject({ move_to: z.iso.datetime({ offset: true }) }),
]);

/** A month, tick by tick, is as far as time is lived through in one request. */
const MAX_LIVED_MS = 31 * 86_400_000;
/** Sessions are caught up with one by one, so that a jump costs what lies between as well. */
const MAX_JUMP_MS = 10 * 366 * 86_400_000;
/** Beyond every calendar, and well before a year has five digits. */
const END_OF_TIME = Date.parse("2200-01-01T00:00:00Z");

/**
 * `advance_ms` and `move_to` live through the time between, tick by tick; `jump_to` sets the clock
 * and lets sessions and expiries catch up. Time never goes back.
 */
export const setTime: ControlHandler = (context, { body }) => {
  const { clock } = context.exchange;
  const wanted = parseBody(clockShape, body);
  const now = clock.now();
  const target =
    "advance_ms" in wanted
      ? now + wanted.advance_ms
      : Date.parse("jump_to" in wanted ? wanted.jump_to : wanted.move_to);
  if (target < now) throw new ControlRefusal(400, "time does not go back");
  if (target > END_OF_TIME) throw new ControlRefusal(400, "time ends with the year 2199");
  if ("jump_to" in wanted) {
    if (target - now > MAX_JUMP_MS) throw new ControlRefusal(400, "at most 10 years at once");
    clock.jumpTo(target);
    context.exchange.tick();
  } else {
    if (target - now > MAX_LIVED_MS) throw new ControlRefusal(400, "at most 31 days at once");
    clock.moveTo(target);
  }
  context.exchange.engine.settle(clock.now());
  return ok(timeJson(context));
};

const sessionShape = z.strictObject({
  mode: z.enum(["open", "calendar"]).optional(),
  phase: z.enum(["closed", "pre", "core", "post", "overnight"]).nullable().optional(),
});

/** The mode of the session, and a phase to hold whatever the clock says (null lets it go). */
export const setSession: ControlHandler = (context, { body }) => {
  const { sessions, exchange } = context;
  const { mode, phase } = parseBody(sessionShape, body);
  sessions.set(mode ?? sessions.mode, phase === undefined ? sessions.forcedPhase : phase);
  exchange.engine.turnSession(exchange.clock.now());
  return ok(timeJson(context));
};
