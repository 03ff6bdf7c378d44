// What lies beyond the own servers: the clock, the broker, and what a running deployment says of itself.
import { z } from "zod";
import type { Config } from "../../config.ts";
import { messageOf } from "../../operator-error.ts";
import { firstKeyFor } from "../desk/first-key.ts";
import { homeAddress } from "../start/ready.ts";
import { ill, note, well, type Finding } from "./finding.ts";

const PATIENCE_MS = 3_000;
/** Ages and validity are judged by our clock: beyond this, fresh signals look old. */
const WORST_SKEW_MS = 2_000;

/** Our clock against another's, asked at one moment and answered at the next. */
export function judgeClock(
  theirs: number,
  { asked, answered }: { readonly asked: number; readonly answered: number },
): Finding {
  const topic = "Clock";
  const skewMs = Math.round((asked + answered) / 2 - theirs);
  const much = Math.abs(skewMs) > WORST_SKEW_MS + (answered - asked) / 2;
  if (!much) return well(topic, `${Math.abs(skewMs)} ms from the database's`);
  const where = skewMs > 0 ? "ahead of" : "behind";
  return ill(
    topic,
    `${Math.abs(skewMs)} ms ${where} the database's: is NTP running on both machines?`,
  );
}

/** Any answer at all proves that the way is open; whether the keys are right the worker finds out. */
export async function lookForBroker({ mode, alpaca }: Config): Promise<Finding> {
  const topic = "Broker";
  try {
    const { status } = await fetch(`${alpaca.baseUrl}/v2/clock`, { signal: patience() });
    return well(topic, `${alpaca.baseUrl} answers (${status})`);
  } catch (error: unknown) {
    const why = `${alpaca.baseUrl} does not answer: ${messageOf(error)}`;
    if (mode === "mock") return note(topic, `${why}; \`npm start\` starts the simulated exchange`);
    return ill(topic, `${why}; is there a way to it from this machine?`);
  }
}

const health = z.object({ status: z.string(), problems: z.array(z.string()) });

export async function lookAtDeployment(config: Config): Promise<Finding[]> {
  const topic = "API";
  const url = config.client.url ?? homeAddress(config);
  const key = config.client.key?.reveal() ?? firstKeyFor(url, config.dataDirectory);
  const headers = key === null ? {} : { authorization: `Bearer ${key}` };
  try {
    const response = await fetch(`${url}/api/health/detailed`, { headers, signal: patience() });
    const read = health.safeParse(await response.json());
    if (!read.success) return [note(topic, `${url} answers ${response.status} and tells no more`)];
    const { status, problems } = read.data;
    if (problems.length === 0) return [well(topic, `${url} says ${status}`)];
    return problems.map((problem) => ill(topic, problem));
  } catch {
    return [note(topic, `nothing answers at ${url}; \`fillstream start\` or \`fillstream api\``)];
  }
}

/** What nobody else's API says: how its engine does, or that its database is away. */
const ours = z.union([
  z.object({ execution_engine_status: z.string() }),
  z.object({ code: z.literal("store_unavailable") }),
]);

/** Whether what listens on our port is Fillstream's API, started by itself. */
export async function isOurApi(config: Config): Promise<boolean> {
  try {
    const response = await fetch(`${homeAddress(config)}/api/health`, { signal: patience() });
    return ours.safeParse(await response.json()).success;
  } catch {
    return false;
  }
}

const patience = (): AbortSignal => AbortSignal.timeout(PATIENCE_MS);
