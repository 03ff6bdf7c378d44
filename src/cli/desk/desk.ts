// What the commands of an operator share: finding the API, telling what it said, exit codes that mean
// something.
//   0  done            1  refused, or it went wrong        2  the command is not used that way
//   3  the API does not answer                             4  no outcome within the time to wait
import { FillstreamClient, FillstreamProblem, FillstreamUnreachable } from "../../client/client.ts";
import type { Config } from "../../config.ts";
import { loadConfigBesideStart } from "../parts/living-start.ts";
import { homeAddress } from "../start/ready.ts";
import { firstKeyFor } from "./first-key.ts";

export const [DONE, REFUSED, UNREACHABLE, NO_OUTCOME] = [0, 1, 3, 4];

export type Work = (client: FillstreamClient) => Promise<number>;

/** Runs a command's work on the API, and turns what goes wrong into sentences and an exit code. */
export async function atDesk(work: Work): Promise<number> {
  try {
    return await work(openClient(loadConfigBesideStart()));
  } catch (error: unknown) {
    if (error instanceof FillstreamProblem) return tellProblem(error);
    if (error instanceof FillstreamUnreachable) {
      process.stderr.write(
        `${error.message}. Is it started? \`npm start\`, or \`fillstream api\`.\n`,
      );
      return UNREACHABLE;
    }
    throw error;
  }
}

function openClient(config: Config): FillstreamClient {
  const url = config.client.url ?? homeAddress(config);
  const key = config.client.key?.reveal() ?? firstKeyFor(url, config.dataDirectory);
  return new FillstreamClient(key === null ? { url } : { url, key });
}

function tellProblem({ problem }: FillstreamProblem): number {
  const fields = problem.errors ?? [];
  process.stderr.write(`${problem.detail} (${problem.code})\n`);
  if (problem.code === "unauthenticated") {
    process.stderr.write("FILLSTREAM_KEY names the key that the commands send.\n");
  }
  if (fields.length > 1) {
    for (const { field, message } of fields) process.stderr.write(`  ${field} ${message}\n`);
  }
  return REFUSED;
}
