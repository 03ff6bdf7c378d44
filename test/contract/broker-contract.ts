// What every broker adapter keeps, whatever its wire: one suite, its cases numbered once and for ever.
// `brokerContract("alpaca", makeBroker)` in a test file of its own runs it against one broker.
import { afterEach, beforeEach, describe, it } from "vitest";
import type { BrokerTraits } from "../../src/domain/broker.ts";
import type { Decimal } from "../../src/domain/decimal.ts";
import type { Instrument } from "../../src/domain/instrument.ts";
import type { BrokerAccountPort } from "../../src/ports/broker.ts";
import { accountCases } from "./broker-cases/account.ts";
import { orderCases } from "./broker-cases/orders.ts";
import { recordCases } from "./broker-cases/records.ts";
import { streamCases } from "./broker-cases/stream.ts";
import { Trader } from "./broker-trader.ts";

/** A fresh account with cash at a broker that is open, and whose price stands still. */
export interface BrokerUnderTest {
  readonly port: BrokerAccountPort;
  /** Can be bought and sold now, at `price`, in any whole quantity up to 100. */
  readonly stock: Instrument;
  readonly price: Decimal;
  /** The broker's time in milliseconds. */
  now(): number;
  /** Lets the broker get on with its work: real time or its own. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

export interface ContractCase {
  /** Never given to another rule. */
  readonly number: number;
  readonly rule: string;
  /** Left out for brokers that do not promise this. */
  readonly onlyIf?: (traits: BrokerTraits) => boolean;
  readonly run: (trader: Trader) => Promise<void>;
}

const CASES: readonly ContractCase[] = [
  ...orderCases,
  ...recordCases,
  ...streamCases,
  ...accountCases,
];

export function brokerContract(name: string, makeBroker: () => Promise<BrokerUnderTest>): void {
  describe(`${name} keeps the broker contract`, () => {
    let broker: BrokerUnderTest;
    let trader: Trader;
    beforeEach(async () => {
      broker = await makeBroker();
      trader = new Trader(broker);
    });
    afterEach(async () => {
      await trader.close();
      await broker.close();
    });
    for (const { number, rule, onlyIf, run } of CASES) {
      // Each case has expectations of its own.
      // oxlint-disable-next-line vitest/expect-expect
      it(`${String(number).padStart(2, "0")} ${rule}`, async (context) => {
        context.skip(onlyIf?.(broker.port.traits) === false, "not promised by this broker");
        await run(trader);
      });
    }
  });
}
