// What every handler works with: the ports, and what the API keeps in memory between requests.
import type { AcceptDeps } from "../app/accept.ts";
import type { Admission } from "../app/admission.ts";
import type { Directory } from "../app/directory.ts";
import type { Authenticator } from "./auth/authenticator.ts";
import type { ApiDeps } from "./deps.ts";
import type { Health } from "./health.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Metrics } from "./metrics/metrics.ts";
import type { SendOptions } from "./notices/send.ts";
import type { EventHub } from "./stream/hub.ts";
import type { World } from "./world.ts";

export interface Api extends ApiDeps {
  readonly world: World;
  readonly directory: Directory;
  readonly admission: Admission;
  readonly accepting: AcceptDeps;
  readonly authenticator: Authenticator;
  readonly lifecycle: Lifecycle;
  readonly health: Health;
  readonly metricsPage: Metrics;
  readonly hub: EventHub;
  readonly sendOptions: SendOptions;
  /** The API's description of itself, made when first asked for. */
  readonly documents: () => { readonly openApi: string; readonly page: string };
}
