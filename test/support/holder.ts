// A process that holds embedded servers until it is killed; started by the tests of the takeover.
import { holdServers } from "../../src/embedded/servers.ts";

const [dataDirectory = "", cacheDirectory = ""] = process.argv.slice(2);
const held = await holdServers({
  dataDirectory,
  postgres: true,
  redis: true,
  redisSearch: { searchPath: (process.env["PATH"] ?? "").split(":"), cacheDirectory },
});
process.send?.({ postgres: held.postgres?.url, redis: held.redis?.url ?? null });
process.on("SIGTERM", () => {
  void held.release().then(() => process.exit(0));
});
// Nothing that it holds keeps a process alive.
setInterval(() => undefined, 60_000);
