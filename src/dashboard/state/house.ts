// What is the same for every account: is all of it alive, may it trade, what are the limits.
import { computed } from "@preact/signals";
import type {
  DeadLetter,
  Inbox,
  Limit,
  LimitUsage,
  List,
  Role,
  Status,
  TradingStates,
} from "../api/answers.ts";
import { ask, BASE } from "../api/request.ts";
import { resource } from "./resource.ts";

/** A page that asks again and again must not wait long for an API that hangs. */
const STATUS_DEADLINE_MS = 3_000;

export const status = resource(() =>
  ask<Status>(`${BASE}/status`, { deadlineMs: STATUS_DEADLINE_MS }),
);
export const tradingStates = resource(() => ask<TradingStates>(`${BASE}/trading-state`));
export const limits = resource(async () => (await ask<List<Limit>>(`${BASE}/limits`)).data);
export const limitUsage = resource(
  async () => (await ask<List<LimitUsage>>(`${BASE}/limits/usage`)).data,
);
export const inbox = resource(() => ask<Inbox>(`${BASE}/reconciliation`));
export const deadLetters = resource(
  async () => (await ask<List<DeadLetter>>(`${BASE}/dead-letters?limit=50`)).data,
);

const ROLES: readonly Role[] = ["viewer", "trader", "admin"];

export function mayAct(role: Role): boolean {
  const own = status.value.value?.sender.role ?? "viewer";
  return ROLES.indexOf(own) >= ROLES.indexOf(role);
}

export const tradingState = computed(
  () => status.value.value?.trading_state ?? tradingStates.value.value?.state ?? null,
);
