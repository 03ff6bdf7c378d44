// `fillstream calendar`: the sessions of a venue, in UTC, as CSV or JSON.
import { parseArgs } from "node:util";
import { sessionsBetween } from "../../domain/calendar/calendar.ts";
import type { Session } from "../../domain/calendar/calendar.ts";
import { parseIsoDate } from "../../domain/calendar/date.ts";
import type { EpochMs, IsoDate } from "../../domain/calendar/date.ts";
import { isVenue, VENUE_NAMES, venueIndex } from "../../domain/calendar/venues.ts";
import type { Venue } from "../../domain/instrument.ts";

export const name = "calendar";
export const summary = "print the sessions of a venue in UTC";
export const usage =
  "fillstream calendar <venue> --from YYYY-MM-DD --to YYYY-MM-DD [--format csv|json]\n" +
  `venues: ${VENUE_NAMES.join(", ")}\n\n` +
  "  fillstream calendar XNYS --from 2026-12-21 --to 2026-12-31";

/** A century of sessions is more than any table holds, and still prints in a second. */
const MAX_YEARS = 100;
const [DONE, MISUSED] = [0, 2];

interface Request {
  readonly venue: Venue;
  readonly from: IsoDate;
  readonly to: IsoDate;
  readonly format: "csv" | "json";
}

export async function run(args: string[]): Promise<number> {
  const request = parse(args);
  if (typeof request === "string") {
    process.stderr.write(`${request}\n\n${usage}\n`);
    return MISUSED;
  }
  const { venue, from, to, format } = request;
  const sessions = sessionsBetween(venue, from, to);
  await print(format === "json" ? asJson(sessions) : asCsv(sessions));

  const { knownFrom, knownThrough } = venueIndex(venue).calendar;
  if (to > knownThrough || from < knownFrom || sessions.some(({ known }) => !known)) {
    process.stderr.write(
      `${venue} is known from ${knownFrom} through ${knownThrough}; other rows are projected\n`,
    );
  }
  return DONE;
}

/** Waits until the text has left: a pipe takes a long one in pieces. */
function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/** The request, or a sentence that says what is wrong with it. */
function parse(args: string[]): Request | string {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        from: { type: "string" },
        to: { type: "string" },
        format: { type: "string", default: "csv" },
      },
    });
  } catch (error: unknown) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
  const [text, ...rest] = parsed.positionals;
  const venue = text?.toUpperCase();
  if (venue === undefined || rest.length > 0) return "name one venue";
  if (!isVenue(venue)) return `${text} is not a venue`;
  const from = parseIsoDate(parsed.values.from ?? "");
  const to = parseIsoDate(parsed.values.to ?? "");
  if (from === null) return "--from needs a date such as 2026-01-01";
  if (to === null) return "--to needs a date such as 2026-12-31";
  if (from > to) return `--from ${from} is after --to ${to}`;
  if (Number(to.slice(0, 4)) - Number(from.slice(0, 4)) >= MAX_YEARS) {
    return `at most ${MAX_YEARS} years at once`;
  }
  const { format } = parsed.values;
  if (format !== "csv" && format !== "json") return "--format is csv or json";
  return { venue, from, to, format };
}

function asCsv(sessions: readonly Session[]): string {
  const lines = sessions.map(({ date, open, close, breaks, kind }) => {
    const pauses = breaks.map(({ from, to }) => `${utc(from)}/${utc(to)}`).join(" ");
    return [date, utc(open), utc(close), pauses, kind].join(",");
  });
  return `${["date,open,close,breaks,kind", ...lines].join("\n")}\n`;
}

function asJson(sessions: readonly Session[]): string {
  const rows = sessions.map(({ open, close, breaks, ...row }) => ({
    date: row.date,
    open: utc(open),
    close: utc(close),
    breaks: breaks.map(({ from, to }) => ({ from: utc(from), to: utc(to) })),
    kind: row.kind,
    status: row.status,
    known: row.known,
  }));
  return `${JSON.stringify(rows, null, 2)}\n`;
}

function utc(instant: EpochMs): string {
  return new Date(instant).toISOString().replace(".000Z", "Z");
}
