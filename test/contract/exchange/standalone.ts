// Runs the exchange as a process of its own, for tests that kill it: `standalone.ts <dataDir>`.
import { startExchange } from "../../../src/exchange/serve.ts";

const running = await startExchange({
  port: 0,
  dataDir: process.argv[2] ?? null,
  seed: "killed",
  rateLimitPerMinute: 1_000_000,
});
process.stdout.write(`${running.url}\n`);
process.on("SIGTERM", () => void running.stop().then(() => process.exit(0)));
