// The last prices as a line a few millimetres high; the page's own memory, so it starts when it is opened.
import type { PricePoint } from "../state/prices.ts";

const WIDTH = 72;
const HEIGHT = 18;
const POINTS = 60;

export function Sparkline({ points }: { readonly points: readonly PricePoint[] }) {
  const recent = points.slice(-POINTS);
  const prices = recent.map(({ price }) => price);
  const [low, high] = [Math.min(...prices), Math.max(...prices)];
  const range = high - low;
  if (recent.length < 2) return <span class="sparkline" />;
  const step = WIDTH / (recent.length - 1);
  const line = prices
    .map((price, index) => {
      const up = range === 0 ? 0.5 : (price - low) / range;
      return `${(index * step).toFixed(1)},${(HEIGHT - 2 - up * (HEIGHT - 4)).toFixed(1)}`;
    })
    .join(" ");
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <polyline points={line} />
    </svg>
  );
}
