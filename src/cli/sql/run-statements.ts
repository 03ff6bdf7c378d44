// Runs SQL as a person typed it, and answers with text: tables, counts, or the server's own refusal.
import postgres from "postgres";
import { OperatorError } from "../../operator-error.ts";
import { table } from "./table.ts";

type Format = "json" | "table";
type Row = Record<string, unknown>;
interface Result extends Array<Row> {
  readonly command: string | null;
  readonly count: number | null;
  readonly columns: readonly { readonly name: string }[];
}

/** The types that the client would turn into values of its own; a table shows the server's text. */
const parsedTypes = [16, 17, 20, 21, 23, 26, 114, 700, 701, 1082, 1114, 1184, 3802];

export async function runStatements(
  url: string,
  statements: string,
  format: Format,
): Promise<string> {
  const asText = { to: 25, from: parsedTypes, serialize: String, parse: (text: string) => text };
  const sql = postgres(url, {
    max: 1,
    fetch_types: false,
    onnotice: ({ message }) => process.stderr.write(`${message}\n`),
    ...(format === "table" ? { types: { asText } } : {}),
  });
  try {
    return shown(await sql.unsafe(statements), format);
  } catch (error) {
    if (!(error instanceof postgres.PostgresError)) throw error;
    const hint = error.hint === undefined ? "" : `\n${error.hint}`;
    throw new OperatorError(`${error.message}${hint}`, { cause: error });
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Several statements answer with a list of results, a single one with its result. */
function shown(answer: unknown, format: Format): string {
  const results = isResult(answer) ? [answer] : (answer as Result[]);
  if (format === "json") {
    const rows = results.length === 1 ? results[0] : results;
    return `${JSON.stringify(rows, null, 2)}\n`;
  }
  return results.map(oneShown).join("");
}

function isResult(answer: unknown): answer is Result {
  return Array.isArray(answer) && "command" in answer;
}

function oneShown(result: Result): string {
  if (result.columns === undefined || result.columns === null || result.columns.length === 0) {
    return `${[result.command, result.count].filter((part) => part !== null).join(" ")}\n`;
  }
  const names = result.columns.map((column) => column.name);
  const rows = result.map((row) => names.map((name) => cell(row[name])));
  return `${table(names, rows)}(${result.length} ${result.length === 1 ? "row" : "rows"})\n`;
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
