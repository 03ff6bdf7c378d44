// The picture of a run, drawn without anything else: one chart for each figure, a bar for each system,
// with the least and the most of all rounds as a line, and the machine named beneath.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Measured } from "../measure.ts";
import { median } from "../percentiles.ts";
import type { Drained } from "../suite/drain.ts";
import type { Faulted } from "../suite/faults.ts";
import type { Sustained } from "../suite/sustained.ts";

export interface Drawn {
  readonly at: string;
  readonly machine: string;
  readonly node: string;
  readonly parts: Readonly<Record<string, unknown>>;
}

interface Bar {
  readonly name: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
}
interface Chart {
  readonly title: string;
  readonly bars: readonly Bar[];
}

const [WIDTH, BAR_HEIGHT, LABEL, VALUE, GAP] = [860, 22, 180, 120, 34];
const OURS = "#1f6feb";
const OTHER = "#8b949e";

export function writePicture(drawn: Drawn): void {
  const charts = chartsOf(drawn);
  if (charts.length === 0) return;
  const file = join(import.meta.dirname, "..", "..", "docs", "benchmark.svg");
  writeFileSync(file, svg(charts, drawn));
}

/** The suite's parts wrote what is read here. */
const partOf = <Row>(parts: Drawn["parts"], name: string): readonly Row[] =>
  (parts[name] as { readonly all: readonly Row[] } | undefined)?.all ?? [];

function chartsOf({ parts }: Drawn): readonly Chart[] {
  return [...latencyCharts(parts), ...paceCharts(parts), ...faultCharts(parts)].filter(
    ({ bars }) => bars.length > 0,
  );
}

const once = (name: string, value: number): Bar => ({ name, value, least: value, most: value });

function paceCharts(parts: Drawn["parts"]): readonly Chart[] {
  const sustained = partOf<Sustained>(parts, "sustained");
  const drained = partOf<Drained>(parts, "drain");
  return [
    {
      title: "highest pace that holds, signals a second (more is better)",
      bars: sustained.map(({ name, perSecond }) => once(name, perSecond ?? 0)),
    },
    {
      title: `a queue of ${drained[0]?.count ?? 0}: booked a second (more is better)`,
      bars: drained.flatMap(({ system, booked }) =>
        booked === null ? [] : [once(system, booked)],
      ),
    },
  ];
}

function faultCharts(parts: Drawn["parts"]): readonly Chart[] {
  const title =
    "worker, Redis, PostgreSQL and broker fail in turn: signals lost, doubled, not booked";
  const all = partOf<Faulted>(parts, "faults");
  const bars = all.map(({ system, lost, doubled, unbooked }) =>
    once(system, lost + doubled + unbooked),
  );
  return [{ title, bars }];
}

function latencyCharts(parts: Drawn["parts"]): readonly Chart[] {
  const all = partOf<Measured>(parts, "latency");
  const phases = [...new Set(all.map(({ phase }) => phase))];
  const figures: readonly (readonly [string, (of: Measured) => number])[] = [
    ["received → booked, p99 in ms", (m) => m.booked.p99],
    ["CPU seconds per 10,000 orders", (m) => m.cpu.all],
  ];
  return phases.flatMap((phase) =>
    figures.map(([title, figure]) => ({
      title: `${phase}: ${title}`,
      bars: barsOf(
        all.filter((measured) => measured.phase === phase),
        figure,
      ),
    })),
  );
}

function barsOf(all: readonly Measured[], figure: (of: Measured) => number): readonly Bar[] {
  const systems = [...new Set(all.map(({ system }) => system))];
  return systems.map((name) => {
    const values = all.filter(({ system }) => system === name).map(figure);
    return {
      ...{ name, value: median(values) },
      ...{ least: Math.min(...values), most: Math.max(...values) },
    };
  });
}

function svg(charts: readonly Chart[], { at, machine, node }: Drawn): string {
  let top = 16;
  const drawn = charts.map((chart) => {
    const text = draw(chart, top);
    top += GAP + chart.bars.length * BAR_HEIGHT + 14;
    return text;
  });
  const foot = `${machine}; Node ${node}; ${at.slice(0, 10)}; bars are medians, lines the spread of the rounds`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${top + 24}" viewBox="0 0 ${WIDTH} ${top + 24}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="Benchmark of Fillstream beside its peers">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...drawn,
    `<text x="16" y="${top + 10}" fill="#57606a" font-size="11">${escaped(foot)}</text>`,
    "</svg>\n",
  ].join("\n");
}

function draw({ title, bars }: Chart, top: number): string {
  const most = Math.max(...bars.map((bar) => bar.most), Number.EPSILON);
  const scale = (WIDTH - LABEL - VALUE - 32) / most;
  const rows = bars.map((bar, index) => {
    const y = top + GAP - 8 + index * BAR_HEIGHT;
    const middle = y + BAR_HEIGHT / 2 - 2;
    const end = (value: number): string => (LABEL + value * scale).toFixed(1);
    return [
      `<text x="${LABEL - 8}" y="${middle + 4}" text-anchor="end" fill="#24292f">${escaped(bar.name)}</text>`,
      `<rect x="${LABEL}" y="${y}" width="${(bar.value * scale).toFixed(1)}" height="${BAR_HEIGHT - 5}" rx="2" fill="${bar.name.startsWith("fillstream") ? OURS : OTHER}"/>`,
      `<line x1="${end(bar.least)}" x2="${end(bar.most)}" y1="${middle}" y2="${middle}" stroke="#24292f"/>`,
      `<text x="${Number(end(bar.most)) + 8}" y="${middle + 4}" fill="#24292f">${bar.value.toFixed(1)}</text>`,
    ].join("\n");
  });
  return `<text x="16" y="${top + 8}" fill="#24292f" font-weight="600">${escaped(title)}</text>\n${rows.join("\n")}`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
