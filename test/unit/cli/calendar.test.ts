// `fillstream calendar`: what it prints, and how it refuses.
import { afterEach, describe, expect, it, vi } from "vitest";
import { run, usage } from "../../../src/cli/commands/calendar.ts";

interface Printed {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function print(...args: string[]): Promise<Printed> {
  const written = { out: "", err: "" };
  const into = (stream: "out" | "err") => (text: unknown, done?: unknown) => {
    written[stream] += String(text);
    if (typeof done === "function") done();
    return true;
  };
  vi.spyOn(process.stdout, "write").mockImplementation(into("out"));
  vi.spyOn(process.stderr, "write").mockImplementation(into("err"));
  const code = await run(args);
  return { code, ...written };
}
afterEach(() => vi.restoreAllMocks());

const WEEK = ["--from", "2026-11-25", "--to", "2026-11-29"];

describe("fillstream calendar", () => {
  it("prints a line for each session in UTC", async () => {
    expect(await print("XNYS", ...WEEK)).toEqual({
      code: 0,
      out:
        "date,open,close,breaks,kind\n" +
        "2026-11-25,2026-11-25T14:30:00Z,2026-11-25T21:00:00Z,,regular\n" +
        "2026-11-27,2026-11-27T14:30:00Z,2026-11-27T18:00:00Z,,half_day\n",
      err: "",
    });
  });

  it("prints lunch as an interval, and takes the venue in any case", async () => {
    const { out } = await print("hose", "--from", "2026-06-15", "--to", "2026-06-15");
    expect(out.split("\n")[1]).toBe(
      "2026-06-15,2026-06-15T02:00:00Z,2026-06-15T07:45:00Z," +
        "2026-06-15T04:30:00Z/2026-06-15T06:00:00Z,regular",
    );
  });

  it("prints JSON with the status of each row", async () => {
    const { out } = await print(
      "HNX",
      "--from",
      "2026-06-15",
      "--to",
      "2026-06-15",
      "--format",
      "json",
    );
    expect(JSON.parse(out)).toEqual([
      {
        date: "2026-06-15",
        open: "2026-06-15T02:00:00Z",
        close: "2026-06-15T07:45:00Z",
        breaks: [{ from: "2026-06-15T04:30:00Z", to: "2026-06-15T06:00:00Z" }],
        kind: "regular",
        status: "observed",
        known: true,
      },
    ]);
  });

  it("warns beside the rows when some are only projected", async () => {
    const { code, err } = await print("XKRX", "--from", "2026-12-28", "--to", "2027-01-08");
    expect(code).toBe(0);
    expect(err).toContain("known from 2018-01-01 through 2026-12-31");
  });

  it.each([
    [[], "name one venue"],
    [["XNYS", "XKRX", ...WEEK], "name one venue"],
    [["LSE", ...WEEK], "LSE is not a venue"],
    [["toString", ...WEEK], "toString is not a venue"],
    [["XNYS", "--to", "2026-01-01"], "--from needs a date"],
    [["XNYS", "--from", "2026-02-30", "--to", "2026-03-01"], "--from needs a date"],
    [["XNYS", "--from", "2026-01-01"], "--to needs a date"],
    [["XNYS", "--from", "2026-02-01", "--to", "2026-01-01"], "is after"],
    [["XNYS", "--from", "1900-01-01", "--to", "2026-01-01"], "at most 100 years"],
    [["XNYS", ...WEEK, "--format", "xml"], "--format is csv or json"],
    [["XNYS", "--since", "2026-01-01"], "--since"],
  ])("refuses %j", async (args, problem) => {
    const { code, out, err } = await print(...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(problem);
    expect(err).toContain(usage);
  });
});
