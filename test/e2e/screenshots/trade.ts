// A lively day in a few seconds: what an operator has on the page when there is much to see.
interface Places {
  readonly api: string;
  readonly exchange: string;
}

const PRICES = { AAPL: "228.4", MSFT: "492.1", NVDA: "174.6", TSLA: "338.2", "BTC/USD": "64200" };
const LATER = { AAPL: "231.95", MSFT: "488.6", NVDA: "178.1", TSLA: "341.3", "BTC/USD": "65010" };

const SIGNALS: readonly object[] = [
  { symbol: "AAPL", side: "buy", qty: 36, strategy: "breakout", reason: "Technical breakout" },
  { symbol: "MSFT", side: "buy", qty: 12, strategy: "momentum", reason: "New high on volume" },
  { symbol: "NVDA", side: "buy", qty: 40, strategy: "breakout", take_profit: 195, stop_loss: 160 },
  { symbol: "TSLA", side: "buy", qty: 9, strategy: "mean-reversion" },
  { symbol: "BTCUSDT", side: "buy", qty: 0.02, strategy: "crypto-trend" },
  { symbol: "AMZN", side: "buy", qty: 10, limit_price: 150, strategy: "dip" },
  { symbol: "TSLA", side: "buy", qty: 4, limit_price: 300, strategy: "mean-reversion" },
  { symbol: "MSFT", side: "buy", qty: 500, strategy: "momentum", reason: "Too much on purpose" },
];

export async function trade({ api, exchange }: Places): Promise<void> {
  const signal = (body: object) => send(`${api}/api/v1/trading/signal`, body);
  await send(`${exchange}/control/prices`, PRICES);
  for (const body of SIGNALS) await signal(body);
  const taken = await signal({ symbol: "AAPL", side: "buy", qty: 5, limit_price: 190 });
  await cancelOf(api, taken.id);
}

/** While the pages are open: their sparklines show what they saw. */
export async function trim({ api, exchange }: Places): Promise<void> {
  const signal = (body: object) => send(`${api}/api/v1/trading/signal`, body);
  await walk(exchange);
  await signal({ symbol: "AAPL", side: "sell", qty: 6, strategy: "breakout", reason: "Trim" });
}

/** From the first prices to the later ones in steps that the page can draw. */
async function walk(exchange: string): Promise<void> {
  const steps = 12;
  for (let step = 1; step <= steps; step += 1) {
    const prices = Object.entries(PRICES).map(([symbol, first]) => {
      const last = LATER[symbol as keyof typeof LATER]; // Both tables have the same keys.
      const swing = 1 + Math.sin(step * 1.7) * 0.002;
      const on = Number(first) + ((Number(last) - Number(first)) * step) / steps;
      return [symbol, (step === steps ? on : on * swing).toFixed(2)];
    });
    await send(`${exchange}/control/prices`, Object.fromEntries(prices));
    await pause(700);
  }
}

async function cancelOf(api: string, signalId: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const response = await fetch(`${api}/api/v1/trading/orders?signal_id=${signalId}`);
    const { data } = (await response.json()) as { data: { id: string; status: string }[] };
    const [order] = data;
    if (order !== undefined && order.status !== "pending") {
      await fetch(`${api}/api/v1/trading/orders/${order.id}`, { method: "DELETE" });
      return;
    }
    await pause(100);
  }
}

async function send(url: string, body: unknown): Promise<{ id: string }> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as { id: string };
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
