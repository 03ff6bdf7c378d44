// How the account went: the snapshots of the past, with the value of the moment at the end.
import { useMemo } from "preact/hooks";
import { LineChart } from "../elements/line-chart.tsx";
import { Empty, Panel } from "../elements/panel.tsx";
import { approximate, money } from "../format/exact.ts";
import { equityHistory, portfolio } from "../state/book.ts";

export function EquityPanel() {
  const account = portfolio.value;
  const history = equityHistory.value.value;
  const { id, equity = null, observed_at: observedAt = null } = account ?? {};
  // By the figures, not by the account: that comes anew every second while prices move.
  const { times, values } = useMemo(() => {
    const points = (history ?? [])
      .filter((row) => row.account === id && row.equity !== null)
      .map((row) => ({ at: Date.parse(row.at) / 1_000, value: approximate(row.equity) }))
      .toReversed();
    if (equity !== null && observedAt !== null) {
      const at = Date.parse(observedAt) / 1_000;
      if (at > (points.at(-1)?.at ?? 0)) points.push({ at, value: approximate(equity) });
    }
    return { times: points.map(({ at }) => at), values: points.map(({ value }) => value) };
  }, [history, id, equity, observedAt]);
  const label = `Equity of ${account?.id ?? "the account"}: ${money(account?.equity)} ${account?.currency ?? ""} now, ${times.length} points.`;
  return (
    <Panel name="equity" title="Equity" count={account === null ? null : money(account.equity)}>
      {times.length < 2 ? (
        <Empty>The curve begins with the second snapshot, within a minute or two.</Empty>
      ) : (
        <LineChart label={label} times={times} values={values} />
      )}
    </Panel>
  );
}
