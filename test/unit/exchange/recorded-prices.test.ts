import { describe, expect, it } from "vitest";
import { readRecordedPrices } from "../../../src/exchange/market/recorded-prices.ts";
import { startExchange } from "../../../src/exchange/serve.ts";

const read = (...lines: readonly string[]) =>
  readRecordedPrices(lines.join("\n"), (symbol) => symbol === "AAPL");
const HEAD = "time,symbol,price,bid,ask";
const AT = "2026-01-05T15:00:00Z";

describe("recorded prices", () => {
  it("are read in the order of time, with what each line says", () => {
    const rows = read(HEAD, `1767625210000,AAPL,211`, "", `${AT},AAPL,210,209.99,210.01,300,400`);
    if (typeof rows === "string") throw new Error(rows);
    const said = rows.map(({ afterMs, last, bid, ask, bidSize, askSize }) =>
      [afterMs, last, bid, ask, bidSize, askSize].map(String).join(" "),
    );
    expect(said).toEqual(["-10000 210 209.99 210.01 300 400", "0 211 211 211 null null"]);
  });

  it("may be locked, and may leave quote and sizes out", () => {
    expect(read(`${AT},AAPL,210,210,210`)).toHaveLength(1);
    expect(read(`${AT},AAPL,210,,,,`)).toHaveLength(1);
    expect(read(`\ufeff${HEAD}`, `${AT},AAPL,210`)).toHaveLength(1);
  });

  it.each([
    ["a time that is none", "now,AAPL,1", "now is not a time"],
    ["a day that is none", "2026-13-45,AAPL,1", "2026-13-45 is not a time"],
    ["a symbol nobody lists", `${AT},GME,1`, "GME is not listed"],
    ["no price", `${AT},AAPL`, "it has no price"],
    ["a price that is no number", `${AT},AAPL,abc`, "the price abc is not a number"],
    ["a price of nothing", `${AT},AAPL,0`, "the price 0 is not above zero"],
    ["a price below nothing", `${AT},AAPL,-5`, "the price -5 is not above zero"],
    ["a bid that is no number", `${AT},AAPL,5,x,6`, "the bid x is not a number"],
    ["an ask below nothing", `${AT},AAPL,5,4,-6`, "the ask -6 is not above zero"],
    ["a crossed quote", `${AT},AAPL,5,6,5.5`, "the bid of 6 is above the ask of 5.5"],
    ["half a quote", `${AT},AAPL,5,4`, "it has a bid and no ask"],
    ["the other half", `${AT},AAPL,5,,6`, "it has an ask and no bid"],
    ["a size of nothing", `${AT},AAPL,5,4,6,0,1`, "the bid_size 0 is not above zero"],
    ["too many values", `${AT},AAPL,5,4,6,1,1,9`, "it has 8 values, and 7 are the most"],
  ])("with %s are refused with the line and the reason", (_, line, reason) => {
    expect(read(HEAD, `${AT},AAPL,210`, line)).toBe(`line 3: ${reason}`);
  });

  it("that cannot be played stop the start with a sentence", async () => {
    const starting = startExchange({ port: 0, dataDir: null, prices: `${AT},AAPL,5,6,5.5` });
    await expect(starting).rejects.toThrow(
      "The prices cannot be played: line 1: the bid of 6 is above the ask of 5.5.",
    );
  });
});
