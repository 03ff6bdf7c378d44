// The way between processes may be slow; it never changes the order of what it carries.
import { once } from "node:events";
import { createConnection, createServer, type AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { startTcpProxy } from "../../support/tcp-proxy.ts";

it("lets nothing overtake what is late when the way is fast again", async () => {
  let heard = "";
  const server = createServer((socket) => {
    socket.on("data", (chunk) => (heard += chunk.toString()));
    socket.on("error", () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on a port
  const proxy = await startTcpProxy(port);
  const client = createConnection(proxy.port, "127.0.0.1");
  client.setNoDelay(true);
  client.on("error", () => undefined);
  await once(client, "connect");

  proxy.turn("slow", 150);
  client.write("first ");
  await expect.poll(proxy.felt).toBeGreaterThan(0);
  proxy.turn("open");
  client.write("second");
  await expect.poll(() => heard).toMatch(/first/);
  await expect.poll(() => heard).toMatch(/second/);
  expect(heard).toBe("first second");

  client.destroy();
  await proxy.close();
  server.close();
});
