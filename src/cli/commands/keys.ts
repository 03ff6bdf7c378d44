// `fillstream keys`: who may use the API.
import { parseArgs } from "node:util";
import { UsageError } from "../command.ts";
import { atDesk, DONE } from "../desk/desk.ts";
import { jsonOption } from "../desk/options.ts";
import { print, printDone, printJson, printRows, shortInstant } from "../desk/print.ts";

export const name = "keys";
export const summary = "list, make and revoke API keys";
export const usage = `fillstream keys [--json]
fillstream keys create --name N --role viewer|trader|admin [--account A …] [--strategy S …]
                       [--symbols AAPL,MSFT] [--max-notional M] [--expires T] [--require-idempotency]
fillstream keys revoke <id> [--json]

  fillstream keys create --name "breakout bot" --role trader --strategy breakout --max-notional 5000`;

const text = { type: "string" } as const;
const many = { type: "string", multiple: true } as const;

export function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: {
      ...jsonOption,
      name: text,
      role: text,
      account: many,
      strategy: many,
      symbols: text,
      "max-notional": text,
      expires: text,
      "require-idempotency": { type: "boolean" },
    },
    allowPositionals: true,
  });
  const [verb = "list", id, ...more] = positionals;
  if (more.length > 0) throw new UsageError("That is too much at once.");
  if (verb === "list" && id === undefined) return list(values.json);
  if (verb === "create" && id === undefined) return create(keyOf(values), values.json);
  if (verb === "revoke" && id !== undefined) return revoke(id, values);
  throw new UsageError("Say create, or revoke <id>, or nothing to list them.");
}

interface Typed {
  readonly name?: string | undefined;
  readonly role?: string | undefined;
  readonly account?: readonly string[] | undefined;
  readonly strategy?: readonly string[] | undefined;
  readonly symbols?: string | undefined;
  readonly "max-notional"?: string | undefined;
  readonly expires?: string | undefined;
  readonly "require-idempotency"?: boolean | undefined;
}

function keyOf(typed: Typed): Readonly<Record<string, unknown>> {
  const { name: title, role } = typed;
  if (title === undefined || role === undefined)
    throw new UsageError("--name and --role are needed.");
  return {
    name: title,
    role,
    accounts: typed.account,
    strategies: typed.strategy,
    symbols: typed.symbols?.split(",").map((symbol) => symbol.trim()),
    max_notional: typed["max-notional"],
    expires_at: typed.expires,
    require_idempotency: typed["require-idempotency"],
  };
}

function list(json: boolean): Promise<number> {
  return atDesk(async (client) => {
    const { data } = await client.keys();
    if (json) printJson(data);
    else {
      printRows(
        data,
        [
          ["id", (key) => key.id],
          ["key", (key) => `${key.prefix}…`],
          ["name", (key) => key.name],
          ["role", (key) => key.role],
          ["accounts", (key) => key.accounts?.join(",") ?? "all"],
          ["strategies", (key) => key.strategies?.join(",") ?? "all"],
          ["last used", (key) => shortInstant(key.last_used_at)],
          ["state", (key) => (key.revoked_at === null ? "valid" : "revoked")],
        ],
        "No keys.",
      );
    }
    return DONE;
  });
}

function create(key: Readonly<Record<string, unknown>>, json: boolean): Promise<number> {
  return atDesk(async (client) => {
    const made = await client.createKey(key);
    if (json) printJson(made);
    else print(`${made.key}\nKeep it now: it is not shown again.`);
    return DONE;
  });
}

function revoke(id: string, typed: { readonly json: boolean }): Promise<number> {
  return atDesk(async (client) => {
    await client.revokeKey(id);
    printDone(id, "Revoked; it stops working within seconds.", typed);
    return DONE;
  });
}
