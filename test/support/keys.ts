// API keys for tests: an admin's without any bound, but for what a test says of it.
import { makeKey } from "../../src/api/auth/api-key.ts";
import type { KeyStore } from "../../src/ports/operations.ts";
import type { ApiUnderTest } from "./api.ts";

type Row = Parameters<KeyStore["createKey"]>[0];

export async function newKey(
  { api }: Pick<ApiUnderTest, "api">,
  asked: Partial<Omit<Row, "id" | "prefix" | "hash">>,
): Promise<{ readonly id: string; readonly key: string }> {
  const { key, prefix, hash } = makeKey();
  const id = api.ids.next();
  await api.operations.createKey({
    ...{ name: asked.role ?? "admin", role: "admin", require_idempotency: false },
    ...{ accounts: null, strategies: null, symbols: null, max_notional: null },
    ...{ expires_at: null, created_by: "test" },
    ...asked,
    ...{ id, prefix, hash },
  });
  return { id, key };
}
