// A scene of many symbols whose limits are on, and never reached: for benches of one part each.
import type { Context } from "../src/domain/book.ts";
import { asId } from "../src/domain/ids.ts";
import type { InstrumentId } from "../src/domain/ids.ts";
import type { Scene } from "../test/unit/decide/scene.ts";
import { stock } from "../test/unit/risk/world.ts";

export function symbolsOf(count: number): readonly InstrumentId[] {
  return Array.from({ length: count }, (_, index) => asId<InstrumentId>(`SIM:S${index}`));
}

/** Each symbol has a price. */
export function wideContext(scene: Scene, ids: readonly InstrumentId[]): Context {
  const { world } = scene;
  world.observe("1000000000000");
  for (const key of ["max_open_orders", "max_positions", "max_orders_per_day"] as const) {
    world.set(key, "100000000");
  }
  world.set("max_orders_per_minute", "100000000");
  world.set("max_position_size_usd", "100000000000");
  world.set("max_daily_loss_usd", "10000000");
  world.set("max_leverage", "5");
  world.set("max_concentration_percent", "50");
  for (const id of ids) world.price(id, "100");
  const { context } = scene;
  const instruments = new Map(ids.map((id) => [id, stock(id)]));
  return { ...context, instrument: (id) => instruments.get(id) ?? context.instrument(id) };
}
