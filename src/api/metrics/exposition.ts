// Metrics whose numbers come summed from the database, in Prometheus' text form. What a process counts
// itself goes through prom-client; these have no place there, since it wants to count for itself.

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly type: "gauge" | "counter";
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface HistogramFamily {
  readonly name: string;
  readonly help: string;
  /** Upper bounds, ascending; the last bucket, without a bound, is implied. */
  readonly bounds: readonly number[];
  readonly series: readonly {
    readonly labels: Labels;
    /** One more than there are bounds; each counts its own bucket only. */
    readonly counts: readonly number[];
    readonly sum: number;
  }[];
}

export function familyText({ name, type, help, samples }: Family): string {
  return head(name, type, help) + samples.map((each) => line(name, each)).join("");
}

export function histogramText({ name, help, bounds, series }: HistogramFamily): string {
  const lines = series.map(({ labels, counts, sum }) => {
    let total = 0;
    const buckets = counts.map((count, index) => {
      total += count;
      const le = bounds[index] === undefined ? "+Inf" : String(bounds[index]);
      return line(`${name}_bucket`, { labels: { ...labels, le }, value: total });
    });
    const rest = [
      line(`${name}_sum`, { labels, value: sum }),
      line(`${name}_count`, { labels, value: total }),
    ];
    return [...buckets, ...rest].join("");
  });
  return head(name, "histogram", help) + lines.join("");
}

function head(name: string, type: string, help: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}

function line(name: string, { labels, value }: Sample): string {
  const inside = Object.entries(labels)
    .map(([key, text]) => `${key}="${text.replace(/["\\\n]/g, "_")}"`)
    .join(",");
  return `${name}${inside === "" ? "" : `{${inside}}`} ${value}\n`;
}
