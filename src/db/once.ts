// A named request within the transaction of its own change: the name is taken first, so that an equal
// request waits here, in whatever process, until the first is committed or undone. Then the name and what
// came of the request are one commit with the change itself.
import { NameTaken, type NamedRequest, type Once } from "../ports/named-request.ts";
import { StoreUnavailable } from "../ports/store.ts";
import type { Transaction } from "./client.ts";

/** No row of a lane stands behind such a name: its outcome is kept beside its fingerprint. */
const LANE = "none";

interface Kept<Outcome> {
  readonly request: string;
  readonly outcome: Outcome;
}

/** The outcome has to be the same after a journey through JSON. */
export async function once<Outcome>(
  transaction: Transaction,
  named: NamedRequest | null,
  work: () => Promise<Outcome>,
): Promise<Once<Outcome>> {
  if (named === null) return { outcome: await work(), isReplay: false };
  const { scope, key, fingerprint } = named;
  const taken = await transaction`
    INSERT INTO idempotency_keys (scope, key, lane, id, fingerprint, created_at)
    VALUES (${scope}, ${key}, ${LANE}, gen_random_uuid(), ${fingerprint}, now())
    ON CONFLICT (scope, key) DO NOTHING`;
  if (taken.count === 0) {
    return { outcome: await firstOutcome<Outcome>(transaction, named), isReplay: true };
  }
  const outcome = await work();
  const kept: Kept<Outcome> = { request: fingerprint, outcome };
  await transaction`
    UPDATE idempotency_keys SET fingerprint = ${JSON.stringify(kept)}
    WHERE scope = ${scope} AND key = ${key}`;
  return { outcome, isReplay: false };
}

async function firstOutcome<Outcome>(
  transaction: Transaction,
  { scope, key, fingerprint }: NamedRequest,
): Promise<Outcome> {
  const [row] = await transaction<{ fingerprint: string }[]>`
    SELECT fingerprint FROM idempotency_keys WHERE scope = ${scope} AND key = ${key}`;
  if (row === undefined) throw new StoreUnavailable("a name ran out while it was looked up");
  // Our own text, as `once` wrote it.
  const { request, outcome } = JSON.parse(row.fingerprint) as Kept<Outcome>;
  if (request !== fingerprint) throw new NameTaken(fingerprint, request);
  return outcome;
}
