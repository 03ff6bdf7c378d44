// What lies between two processes: cut, slow, or a black hole that keeps connections and passes nothing.
import { setTimeout as sleep } from "node:timers/promises";
import type { TcpProxy, Weather } from "../../support/tcp-proxy.ts";
import { LONGER_THAN_A_LEASE_MS, type Fault, type Scene } from "../fault.ts";
import { workerOf } from "./processes.ts";

const SLOW_MS = 300;
const OFTEN = 20;

interface Spell {
  readonly weather: Weather;
  readonly forMs: number;
}

/** Each link in its turn: a worker's to each of its servers, the API's to both, a bot's to the API. */
const LINKS: readonly { readonly name: string; readonly of: (scene: Scene) => TcpProxy }[] = [
  { name: "worker to the broker", of: (scene) => workerOf(scene).ways.exchange },
  { name: "worker to Redis", of: (scene) => workerOf(scene).ways.redis },
  { name: "worker to PostgreSQL", of: (scene) => workerOf(scene).ways.postgres },
  { name: "API to PostgreSQL", of: ({ house }) => house.api.ways.postgres },
  { name: "API to Redis", of: ({ house }) => house.api.ways.redis },
  { name: "bot to the API", of: ({ house }) => house.entrance },
];

function badWeather(name: string, { weather, forMs }: Spell): Fault {
  return {
    name,
    pathsWhenOften: { times: OFTEN, paths: LINKS.map((link) => link.name) },
    async strike(scene) {
      const link = LINKS[scene.turn % LINKS.length];
      const proxy = link?.of(scene);
      if (link === undefined || proxy === undefined) return 0;
      const before = proxy.felt();
      proxy.turn(weather, SLOW_MS);
      await sleep(forMs);
      proxy.turn("open");
      if (proxy.felt() === before) return 0;
      scene.reached(link.name);
      return 1;
    },
  };
}

export const linkIsCut = badWeather("a cut link", { weather: "cut", forMs: 1_500 });
export const linkIsSlow = badWeather("a slow link", { weather: "slow", forMs: 4_000 });
export const linkIsAHole = badWeather("a black hole, longer than a lease", {
  weather: "hole",
  forMs: LONGER_THAN_A_LEASE_MS + 1_000,
});
