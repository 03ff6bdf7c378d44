// POST /partitions/:id/resume: a part of the accounts that was set aside goes on, once a person has looked.
import { z } from "zod";
import { sentence } from "../../app/fields.ts";
import { namedRequest } from "../../app/named-request.ts";
import { Problem } from "../../app/problem.ts";
import { mayUseAccount, requireWholeAccount, type Sender } from "../../app/sender.ts";
import { partitionOf } from "../../domain/partition.ts";
import type { Api } from "../context.ts";
import { answer, replayHeaders } from "../http/answer.ts";
import { envelopeOf } from "../http/preferences.ts";
import { route } from "../route.ts";
import { BASE, idParams, notFound } from "./base.ts";

const resumedAnswer = z.strictObject({ partition: z.int(), resumed: z.literal(true) });

export const resumePartition = route({
  method: "POST",
  path: `${BASE}/partitions/:id/resume`,
  operation: "resumePartition",
  tag: "health",
  summary: "Let a worker take a partition again that was set aside with a fault",
  description:
    "The fault and the reason stay in the audit trail. GET /status lists the faults. A key for some accounts may do so where all accounts of the partition are its own.",
  access: "admin",
  params: idParams,
  body: z.strictObject({ reason: sentence(500) }),
  answers: { 200: { description: "A worker takes it within a second.", schema: resumedAnswer } },
  takesKey: true,
  async handle(call) {
    const { api, sender, params, body } = call;
    const { partitions } = await api.operations.houseStatus();
    const known = partitions.find(({ partition }) => String(partition) === params.id);
    if (known === undefined) throw notFound("partition", params.id);
    const { partition } = known;
    await requirePartition(api, sender, partition);
    const { reason } = body;
    const { actor } = sender;
    const named = namedRequest(envelopeOf(call, "resume_partition"), { partition, reason });
    const { outcome: isResumed, isReplay } = await api.operations.resumePartition({
      ...{ partition, reason, actor, named },
    });
    if (!isResumed) throw new Problem("not_allowed_now", `Partition ${partition} has no fault.`);
    return answer(200, { partition, resumed: true }, replayHeaders(isReplay));
  },
});

/** All accounts of a partition go on together, so all of them have to be the key's. */
async function requirePartition(api: Api, sender: Sender, partition: number): Promise<void> {
  requireWholeAccount(sender);
  if (sender.accounts === null) return;
  // An account may be a moment younger than what we read last.
  await api.world.refresh();
  const inside = api.directory.accounts.filter(
    ({ id }) => partitionOf(id, api.settings.partitions) === partition,
  );
  if (inside.length > 0 && inside.every(({ id }) => mayUseAccount(sender, id))) return;
  throw new Problem(
    "forbidden",
    `Not all accounts of partition ${partition} are ones that this key may use.`,
  );
}
