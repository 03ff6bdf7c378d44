// Receives notices and checks that they are genuine:  SECRET=whsec_… npx tsx examples/webhook-receiver.ts
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const secret = process.env["SECRET"] ?? "";
const seen = new Set<string>();

function isGenuine(header: string, body: string): boolean {
  const [, time = "", mac = ""] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  const ours = createHmac("sha256", secret).update(`${time}.${body}`).digest();
  const isFresh = Math.abs(Date.now() / 1000 - Number(time)) < 300;
  return isFresh && mac !== "" && timingSafeEqual(ours, Buffer.from(mac, "hex"));
}

const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk: Buffer) => (body += chunk.toString()));
  request.on("end", () => {
    const { headers } = request;
    const delivery = String(headers["fillstream-delivery"]);
    if (!isGenuine(String(headers["fillstream-signature"]), body)) {
      response.writeHead(401).end();
      return;
    }
    // The same notice may come twice: its delivery has the same name.
    if (!seen.has(delivery)) console.log(headers["fillstream-notice"], body);
    seen.add(delivery);
    response.writeHead(204).end();
  });
});
server.listen(9000, () => console.log("http://localhost:9000"));
