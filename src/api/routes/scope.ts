// Which accounts a request is about: the one it names, or all that the sender may use.
import { notSetUp } from "../../app/directory.ts";
import { Problem } from "../../app/problem.ts";
import { mayUseAccount, requireAccount, type Sender } from "../../app/sender.ts";
import type { AccountId } from "../../domain/ids.ts";
import type { Api } from "../context.ts";

/** Accounts of this mode that the sender may see: mock rows never enter a paper or live list. */
export function visibleAccounts(api: Api, sender: Sender, asked: string | null): readonly string[] {
  if (asked !== null) return [accountOf(api, sender, asked)];
  return api.directory.accounts.map(({ id }) => id).filter((id) => mayUseAccount(sender, id));
}

export function isVisible(api: Api, sender: Sender, account: string): boolean {
  return api.directory.accountById(account) !== undefined && mayUseAccount(sender, account);
}

export function accountsInScope(
  api: Api,
  sender: Sender,
  asked: string | null,
): readonly AccountId[] {
  if (asked !== null) {
    const account = api.directory.account(asked);
    requireAccount(sender, account.id);
    return [account.id];
  }
  const accounts = api.directory.accounts.map(({ id }) => id);
  const visible = accounts.filter((id) => mayUseAccount(sender, id));
  if (visible.length > 0) return visible;
  if (accounts.length === 0) throw notSetUp();
  throw new Problem("unknown_account", "This key may use none of the accounts.");
}

/** The one account that a change is about. */
export function accountOf(api: Api, sender: Sender, asked: string | null): AccountId {
  const account = api.directory.account(asked);
  requireAccount(sender, account.id);
  return account.id;
}
