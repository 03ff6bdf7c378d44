import { describe, expect, it } from "vitest";
import { faultOf } from "../../../src/brokers/alpaca/faults.ts";
import { fixture } from "./fixtures.ts";

interface ErrorCase {
  readonly status: number;
  readonly body: unknown;
  readonly means: string;
  readonly alarm?: boolean;
}

const text = (body: unknown) => (typeof body === "string" ? body : JSON.stringify(body));

describe("an answer that is no success", () => {
  it.each(fixture<readonly ErrorCase[]>("errors"))(
    "$status $body means $means",
    ({ status, body, means, alarm }) => {
      const expected = means === "unclear" ? { kind: means, alarm } : { kind: means };
      expect(faultOf(status, text(body))).toMatchObject(expected);
    },
  );

  it.each(Object.entries(fixture("published-errors")))(
    "of the published specification has a code we know: %s",
    (name, body) => {
      const status = Number(/ (\d{3}) /.exec(name)?.[1]);
      expect(faultOf(status, text(body)).kind).not.toBe("unclear");
    },
  );

  it("keeps Alpaca's code and words, with the numbers behind them", () => {
    const body = text({
      code: 40310000,
      message: "insufficient buying power",
      buying_power: "200.5",
      cost_basis: "3000",
    });
    expect(faultOf(403, body)).toEqual({
      kind: "refused",
      code: "40310000",
      message: "insufficient buying power (buying_power 200.5, cost_basis 3000)",
    });
  });
});
