// Who sends a request, and how far they may go. Made once per request by whoever authenticated it.
import type { Decimal } from "../domain/decimal.ts";
import { Problem } from "./problem.ts";

export const ROLES = ["viewer", "trader", "admin"] as const;
export type Role = (typeof ROLES)[number];

export interface Sender {
  /** On every row and event: a key's id, `local`, `tradingview`, `stream`. */
  readonly actor: string;
  readonly role: Role;
  /** Null is all. */
  readonly accounts: ReadonlySet<string> | null;
  readonly strategies: ReadonlySet<string> | null;
  readonly symbols: ReadonlySet<string> | null;
  readonly maxNotional: Decimal | null;
  readonly requiresIdempotency: boolean;
}

export const LOCAL_SENDER: Sender = {
  actor: "local",
  role: "admin",
  accounts: null,
  strategies: null,
  symbols: null,
  maxNotional: null,
  requiresIdempotency: false,
};

export function hasRole(sender: Sender, wanted: Role): boolean {
  return ROLES.indexOf(sender.role) >= ROLES.indexOf(wanted);
}

export function mayUseAccount(sender: Sender, accountId: string): boolean {
  return sender.accounts === null || sender.accounts.has(accountId);
}

export function requireAccount(sender: Sender, accountId: string): void {
  if (mayUseAccount(sender, accountId)) return;
  throw new Problem("forbidden", `This key may not use the account ${accountId}.`, {
    fields: [{ field: "account", message: "is not one that this key may use" }],
  });
}

/** A key for some strategies speaks for these only, never for the account as a whole. */
export function requireStrategy(sender: Sender, strategyId: string | null): void {
  const { strategies } = sender;
  if (strategies === null || (strategyId !== null && strategies.has(strategyId))) return;
  throw new Problem(
    "forbidden",
    `This key may only trade the strategies ${[...strategies].join(", ")}.`,
    { fields: [{ field: "strategy", message: "is not one that this key may use" }] },
  );
}

/** A key for some strategies or symbols does not speak for the account as a whole. */
export function requireWholeAccount({ strategies, symbols }: Sender): void {
  if (strategies === null && symbols === null) return;
  throw new Problem(
    "forbidden",
    "This concerns a whole account, and this key is for some strategies or symbols only.",
  );
}

/** What is about one order or one signal: its strategy and its symbol are both the key's. */
export function requireOwn(
  sender: Sender,
  { strategy, symbol }: { readonly strategy: string | null; readonly symbol: string },
): void {
  requireStrategy(sender, strategy);
  requireSymbol(sender, symbol);
}

/** What concerns everybody is not for a key of some: it could give itself what it was not given. */
export function requireUnrestricted(sender: Sender): void {
  const { accounts, strategies, symbols, maxNotional } = sender;
  if ([accounts, strategies, symbols, maxNotional].every((scope) => scope === null)) return;
  throw new Problem("forbidden", "This concerns everybody, and this key is for a part only.");
}

export function requireSymbol(sender: Sender, symbol: string): void {
  const { symbols } = sender;
  if (symbols === null || symbols.has(symbol.toUpperCase())) return;
  throw new Problem("forbidden", `This key may not trade ${symbol}.`, {
    fields: [{ field: "symbol", message: "is not one that this key may trade" }],
  });
}
