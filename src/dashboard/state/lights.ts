// How the parts of the way from a signal to the broker are: made of what each of them last said.
import { computed } from "@preact/signals";
import type { Status } from "../api/answers.ts";
import { plural } from "../format/words.ts";
import { ageOfAnswerMs, mode } from "./connection.ts";
import { status } from "./house.ts";

export interface Light {
  readonly name: "page" | "engine" | "broker" | "fills" | "prices" | "redis";
  readonly state: "good" | "late" | "bad" | "unknown";
  readonly ageMs: number | null;
  readonly detail: string;
}

const PRICES_LATE_MS = 30_000;
/** Workers tell every two seconds. */
const TOLD_LATE_MS = 8_000;
const WORKER_LATE_MS = 6_000;

export const lights = computed<readonly Light[]>(() => {
  const house = status.value.value;
  if (mode.value === "lost" || house === null) return [pageLight(), ...NOTHING_KNOWN];
  return [
    pageLight(),
    engineLight(house),
    brokerLight(house),
    fillsLight(house),
    pricesLight(house),
  ];
});

/** Of less concern, since nothing depends on it: shown where health is shown in detail. */
export const redisLamp = computed<Light | null>(() => {
  const house = status.value.value;
  return house === null || mode.value === "lost" ? null : redisLight(house);
});

const NOTHING_KNOWN: readonly Light[] = (["engine", "broker", "fills", "prices"] as const).map(
  (name) => ({
    name,
    state: "unknown",
    ageMs: null,
    detail: "Not known while the API does not answer.",
  }),
);

const PAGE_STATE = {
  live: { state: "good", detail: "This page follows the live stream." },
  polling: { state: "late", detail: "The stream is away: the page asks every two seconds." },
  connecting: { state: "unknown", detail: "Connecting." },
  lost: { state: "bad", detail: "The API does not answer: nothing here is live." },
} as const;

function pageLight(): Light {
  return { name: "page", ageMs: ageOfAnswerMs.value, ...PAGE_STATE[mode.value] };
}

function engineLight(house: Status): Light {
  const ageMs =
    house.workers.length === 0 ? null : Math.min(...house.workers.map((w) => w.seen_ms));
  const { faults, partitions_without_worker: orphans } = house;
  const detail =
    faults.length > 0
      ? `Partition ${faults[0]?.partition} is set aside: ${faults[0]?.reason}`
      : orphans > 0
        ? `${orphans} of ${house.partitions} partitions have no worker.`
        : `${plural(house.workers.length, "worker", "workers")}, all ${house.partitions} partitions held.`;
  const isLate = orphans > 0 || ageMs === null || ageMs > WORKER_LATE_MS;
  const isBad = faults.length > 0 || orphans === house.partitions || ageMs === null;
  return { name: "engine", state: isBad ? "bad" : isLate ? "late" : "good", ageMs, detail };
}

/** The account that is worst off speaks for all. */
function brokerLight({ links }: Status): Light {
  const down = links.find(({ is_up: isUp }) => !isUp);
  const silent = links.find(({ told_ms: told }) => told > TOLD_LATE_MS);
  const ageMs = links.length === 0 ? null : Math.max(...links.map(({ told_ms: told }) => told));
  if (ageMs === null) {
    return { name: "broker", state: "unknown", ageMs, detail: "No worker has told about it yet." };
  }
  if (silent !== undefined) {
    const detail = `No worker tells about ${silent.account} any more.`;
    return { name: "broker", state: "unknown", ageMs, detail };
  }
  const detail =
    down === undefined ? "It answers requests." : `${down.account}: it does not answer requests.`;
  return { name: "broker", state: down === undefined ? "good" : "bad", ageMs, detail };
}

function fillsLight({ links }: Status): Light {
  const cut = links.find(({ is_streaming: isStreaming }) => !isStreaming);
  const heard = links.map(({ stream_heard_ms: ms }) => ms).filter((ms) => ms !== null);
  const ageMs = heard.length === 0 ? null : Math.max(...heard);
  const isSilent = links.some(({ told_ms: told }) => told > TOLD_LATE_MS);
  if (links.length === 0 || isSilent) {
    return { name: "fills", state: "unknown", ageMs, detail: "No worker tells about it." };
  }
  const detail =
    cut === undefined
      ? "The broker's stream of trade updates is connected."
      : `${cut.account}: the broker's stream is away; fills show when the broker is compared.`;
  return { name: "fills", state: cut === undefined ? "good" : "bad", ageMs, detail };
}

function pricesLight({ newest_price_ms: ageMs }: Status): Light {
  if (ageMs === null) {
    return { name: "prices", state: "unknown", ageMs, detail: "No price was seen yet." };
  }
  const state = ageMs > PRICES_LATE_MS ? "late" : "good";
  return { name: "prices", state, ageMs, detail: "Age of the newest price." };
}

const REDIS_STATE = {
  connected: { state: "good", detail: "Redis carries the signals." },
  disconnected: { state: "late", detail: "Redis is away: the worker finds signals by itself." },
  none: { state: "late", detail: "No Redis: PostgreSQL drives the worker, a little later." },
} as const;

function redisLight({ redis }: Status): Light {
  return { name: "redis", ageMs: null, ...REDIS_STATE[redis] };
}
