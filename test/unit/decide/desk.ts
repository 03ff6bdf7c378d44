// An account in which a person judges what the broker holds beyond the record: what the broker shows, what
// its ledger tells, and what the person says about it.
import type { BrokerActivity, BrokerView } from "../../../src/domain/broker.ts";
import type { CommandRequest } from "../../../src/domain/command.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import type { DomainEvent } from "../../../src/domain/event.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerOrderId } from "../../../src/domain/ids.ts";
import { World } from "../risk/world.ts";
import { AAPL, d, only, Scene, types } from "./scene.ts";
import type { Fill } from "./scene.ts";

export const held = (quantity: string, averagePrice: string | null = "90") => ({
  ...{ symbol: "AAPL", instrumentId: AAPL, quantity: d(quantity) },
  averagePrice: averagePrice === null ? null : d(averagePrice),
});

/** The cash that positions and what is beside them explain. */
export function explained({ scene: { account } }: Desk): Decimal {
  const ofPositions = account.positions.cash(() => "USD").get("USD") ?? Decimal.ZERO;
  return ofPositions.plus(account.cash.adjusted);
}

type Told = Pick<Partial<BrokerView>, "activities" | "executions">;

export class Desk {
  readonly scene = new Scene(World.ready());
  theirs = "0";
  average: string | null = "90";

  constructor() {
    this.scene.world.price(AAPL, "100");
    this.look();
  }

  look(told: Told = {}): readonly DomainEvent[] {
    this.scene.world.now += 10_000;
    this.scene.world.price(AAPL, "100");
    const positions = this.theirs === "0" ? [] : [held(this.theirs, this.average)];
    return this.scene.view({ positions, ...told });
  }

  /** Looks that find a difference, until nothing is told or changed any more. */
  settle(): void {
    for (let look = 0; look < 4; look += 1) this.look();
  }

  say(request: CommandRequest) {
    return only(this.scene.command(request), "CommandDecided").outcome;
  }

  ignore(quantity: string | null = null) {
    const amount = quantity === null ? null : d(quantity);
    const kind = "ignore_position";
    return this.say({ kind, instrumentId: AAPL, quantity: amount, reason: "theirs" });
  }

  adopt(price: string | null = null, quantity: string | null = null) {
    const [at, seen] = [price, quantity].map((text) => (text === null ? null : d(text)));
    const kind = "adopt_position";
    const figures = { price: at ?? null, quantity: seen ?? null };
    return this.say({ kind, instrumentId: AAPL, ...figures, reason: "ours" });
  }

  get others(): string {
    return this.scene.account.others.get(AAPL)?.toString() ?? "none";
  }

  /** What is ours, and what is left to others. */
  get both(): readonly [ours: string, others: string] {
    return [this.scene.position(), this.others];
  }

  strategy(name: string): string {
    const share = this.scene.account.positions.ofStrategy(AAPL, asId(name));
    return share?.quantity.toString() ?? "none";
  }

  entry(more: Partial<BrokerActivity>): BrokerActivity {
    return {
      ...{ id: "A-1", type: "SPLIT", status: "executed", symbol: "AAPL", instrumentId: AAPL },
      ...{ quantity: null, netAmount: null, price: null, at: this.scene.now },
      ...more,
    };
  }

  /** A fill of an order that is not ours, as a list of the broker's executions tells it. */
  foreign(side: "buy" | "sell", quantity: string, more: Partial<Fill> = {}) {
    const brokerOrderId = asId<BrokerOrderId>("X");
    const fill = this.scene.execution(quantity, "100", { brokerOrderId, ...more });
    return { ...fill, symbol: "AAPL", side };
  }
}

/** A desk at which one look has found what the broker holds. */
export function found(theirs = "100"): Desk {
  const desk = new Desk();
  desk.theirs = theirs;
  desk.look();
  return desk;
}

/** A desk at which so much is left to others. */
export function left(others: string): Desk {
  const desk = found(others);
  desk.ignore();
  return desk;
}

export const isQuiet = (events: readonly DomainEvent[]): boolean =>
  !types(events).some((type) => /Difference|PositionAdjusted/.test(type));
