// Accounts: made once, bound at first contact to one account at one broker, never bound again.
import type { Account } from "../../domain/book.ts";
import { asId, type AccountId } from "../../domain/ids.ts";
import { partitionOf } from "../../domain/partition.ts";
import { errorCode, reading, UNIQUE_VIOLATION, type Sql } from "../client.ts";
import { word } from "../json-shape.ts";

export interface AccountDbRow {
  readonly id: string;
  readonly broker: string;
  readonly environment: string;
  readonly broker_account: string | null;
  readonly currency: string;
  readonly day_zone: string;
  readonly day_roll: string;
}

const environment = word<Account["environment"]>(["mock", "paper", "live"]);

export function accountFromRow(row: AccountDbRow): Account {
  return {
    id: asId<AccountId>(row.id),
    broker: row.broker,
    environment: environment(row.environment, "accounts.environment"),
    currency: row.currency,
    dayZone: row.day_zone,
    dayRoll: row.day_roll,
  };
}

export interface NewAccount extends Account {
  /** The name of a set of variables or of a file. */
  readonly credentials: string | null;
}

/** Another account answers to these keys than the one this row was made for. */
export class AccountBoundElsewhere extends Error {
  override readonly name = "AccountBoundElsewhere";
}

/** Makes the row unless it is there; an existing one keeps what it was made with. */
export async function ensureAccount(
  sql: Sql,
  account: NewAccount,
  partitions: number,
): Promise<void> {
  const partition = partitionOf(account.id, partitions);
  await reading(
    () => sql`
      INSERT INTO accounts (id, partition, broker, environment, currency, day_zone, day_roll, credentials)
      VALUES (${account.id}, ${partition}, ${account.broker}, ${account.environment},
        ${account.currency}, ${account.dayZone}, ${account.dayRoll}, ${account.credentials})
      ON CONFLICT (id) DO NOTHING`,
  );
}

/**
 * First contact: the broker's own number of the account is written down. Later contacts must find the
 * same one, so that positions of one account never meet the keys of another.
 */
export async function bindAccount(
  sql: Sql,
  account: Pick<Account, "id" | "broker" | "environment">,
  brokerAccount: string,
): Promise<void> {
  const { id, broker } = account;
  const row = await bind(sql, account, brokerAccount);
  if (row === undefined) throw new Error(`there is no account ${id}`);
  const isSame =
    row.broker === broker &&
    row.environment === account.environment &&
    row.broker_account === brokerAccount;
  if (isSame) return;
  throw new AccountBoundElsewhere(
    `Account ${id} belongs to ${row.broker} ${row.environment} account ${row.broker_account}, but ` +
      `these keys open ${broker} ${account.environment} account ${brokerAccount}. ` +
      `Give the other account a name of its own, or use the keys of the first.`,
  );
}

async function bind(
  sql: Sql,
  { id, broker, environment: wanted }: Pick<Account, "id" | "broker" | "environment">,
  brokerAccount: string,
): Promise<AccountDbRow | undefined> {
  try {
    await reading(
      () => sql`
        UPDATE accounts SET broker_account = ${brokerAccount}, bound_at = now()
        WHERE id = ${id} AND broker = ${broker} AND environment = ${wanted}
          AND broker_account IS NULL`,
    );
  } catch (error: unknown) {
    if (errorCode(error) !== UNIQUE_VIOLATION) throw error;
    throw new AccountBoundElsewhere(
      `Another account is already bound to ${broker} ${wanted} account ${brokerAccount}: ` +
        `two names for one account would count its positions twice.`,
      { cause: error },
    );
  }
  const [row] = await reading(() => sql<AccountDbRow[]>`SELECT * FROM accounts WHERE id = ${id}`);
  return row;
}
