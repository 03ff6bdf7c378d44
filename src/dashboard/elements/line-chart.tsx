// A line over time with marks on it. The library draws on a canvas; its colours come from the page's own
// style, and are taken anew when light turns to dark.
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { clock } from "../format/time.ts";

export interface ChartMark {
  /** Seconds. */
  readonly at: number;
  readonly value: number;
  readonly kind: "buy" | "sell";
}

interface ChartProps {
  /** Said to those who do not see it. */
  readonly label: string;
  /** Seconds and values, in order of time. */
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
  readonly marks?: readonly ChartMark[];
}

export function LineChart(props: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const draw = (): void => {
      chart.current?.destroy();
      chart.current = new uPlot(optionsFor(element, latest), dataOf(latest.current), element);
    };
    draw();
    const scheme = window.matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", draw);
    const observer = new ResizeObserver(() => chart.current?.setSize(sizeOf(element)));
    observer.observe(element);
    return () => {
      scheme.removeEventListener("change", draw);
      observer.disconnect();
      chart.current?.destroy();
      chart.current = null;
    };
  }, []);

  useEffect(() => chart.current?.setData(dataOf(props)), [props.times, props.values]);

  return <div class="chart" ref={host} role="img" aria-label={props.label} />;
}

function dataOf({ times, values }: ChartProps): uPlot.AlignedData {
  return [[...times], [...values]];
}

function optionsFor(element: HTMLElement, latest: { current: ChartProps }): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour("--muted"),
    font: `11px ${style.fontFamily}`,
    grid: { stroke: colour("--line-soft"), width: 1 },
    ticks: { show: false },
  };
  return {
    ...sizeOf(element),
    // Half of the last label stands right of its tick.
    padding: [8, 22, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 6 } },
    axes: [
      { ...axis, size: 22, space: 64, values: timesIn },
      { ...axis, size: 58, space: 28, values: (_, ticks) => ticks.map(inFigures) },
    ],
    series: [
      {},
      { stroke: colour("--accent"), width: 1.5, points: { show: false }, spanGaps: true },
    ],
    hooks: { draw: [(plot) => drawMarks(plot, latest.current.marks ?? [], colour)] },
  };
}

function sizeOf({ clientWidth: width, clientHeight: height }: HTMLElement) {
  return { width, height };
}

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

/** One line under the chart, as fine as the distance between its ticks asks for. */
function timesIn(_: uPlot, ticks: number[]): string[] {
  const step = (ticks[1] ?? 0) - (ticks[0] ?? 0);
  return ticks.map((at) => {
    const date = new Date(at * 1_000);
    if (step >= DAY) return date.toLocaleDateString();
    return clock(date.toISOString()).slice(0, step < MINUTE ? 8 : 5);
  });
}

function inFigures(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: Math.abs(value) < 1_000 ? 2 : 0 });
}

/** A triangle up for a buy, down for a sale: the shape says it as well as the colour. */
function drawMarks(
  plot: uPlot,
  marks: readonly ChartMark[],
  colour: (name: string) => string,
): void {
  const { ctx } = plot;
  const size = 6 * devicePixelRatio;
  for (const { at, value, kind } of marks) {
    const x = plot.valToPos(at, "x", true);
    const y = plot.valToPos(value, "y", true);
    if (x < plot.bbox.left || x > plot.bbox.left + plot.bbox.width) continue;
    const tip = kind === "buy" ? -size : size;
    ctx.beginPath();
    ctx.moveTo(x, y + tip);
    ctx.lineTo(x - size, y - tip);
    ctx.lineTo(x + size, y - tip);
    ctx.closePath();
    ctx.fillStyle = colour(kind === "buy" ? "--gain" : "--loss");
    ctx.fill();
    ctx.strokeStyle = colour("--panel");
    ctx.lineWidth = devicePixelRatio;
    ctx.stroke();
  }
}
