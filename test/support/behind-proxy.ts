// The same server by way of a proxy of the test's own.
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";

export interface BehindProxy {
  readonly proxy: TcpProxy;
  readonly url: string;
}

export async function behindProxy(serverUrl: string): Promise<BehindProxy> {
  const url = new URL(serverUrl);
  const proxy = await startTcpProxy(Number(url.port));
  [url.hostname, url.port] = ["127.0.0.1", String(proxy.port)];
  return { proxy, url: url.href };
}
