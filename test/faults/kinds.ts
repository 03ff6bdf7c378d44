// Every fault there is, in the order in which they are made.
import type { Fault } from "./fault.ts";
import { apiDies, apiStandsStill, workerDies, workerStandsStill } from "./kinds/processes.ts";

export const FAULTS: readonly Fault[] = [workerDies, workerStandsStill, apiDies, apiStandsStill];
