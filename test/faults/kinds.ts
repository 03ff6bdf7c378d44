// Every fault there is, in the order in which they are made.
import type { Fault } from "./fault.ts";
import { clockJumps } from "./kinds/clock.ts";
import { diskIsFull } from "./kinds/disk.ts";
import { linkIsAHole, linkIsCut, linkIsSlow } from "./kinds/links.ts";
import {
  deathAfterTheIntent,
  deathAfterTheRead,
  deathAfterTheReply,
  deathAfterTheResult,
  deathAfterTheSend,
} from "./kinds/points.ts";
import { poisonFill, poisonSignal } from "./kinds/poison.ts";
import { apiDies, apiStandsStill, workerDies, workerStandsStill } from "./kinds/processes.ts";
import {
  everythingFlushed,
  groupDeleted,
  postgresDies,
  postgresRestarts,
  postgresStandsStill,
  redisDies,
  redisStandsStill,
} from "./kinds/servers.ts";

export const FAULTS: readonly Fault[] = [
  ...[workerDies, workerStandsStill, apiDies, apiStandsStill],
  ...[redisDies, redisStandsStill, everythingFlushed, groupDeleted],
  ...[postgresDies, postgresRestarts, postgresStandsStill],
  ...[linkIsCut, linkIsSlow, linkIsAHole],
  ...[deathAfterTheRead, deathAfterTheIntent, deathAfterTheSend],
  ...[deathAfterTheReply, deathAfterTheResult],
  ...[poisonSignal, poisonFill],
  ...[diskIsFull, clockJumps],
];
