// Every limit with how much of it is used, the fullest first; a warning long before it refuses.
import type { Limit, LimitUsage } from "../api/answers.ts";
import { fillOf, Gauge } from "../elements/gauge.tsx";
import { Panel } from "../elements/panel.tsx";
import { approximate, exact, percent } from "../format/exact.ts";
import { spaced } from "../format/words.ts";
import { portfolio } from "../state/book.ts";
import { limits, limitUsage } from "../state/house.ts";
import { linkTo } from "../state/place.ts";

export function LimitsPanel() {
  const account = portfolio.value?.id;
  const usage = (limitUsage.value.value ?? []).filter((row) => row.account === account);
  const rows = limits.value.value ?? [];
  const filling = usage.toSorted((one, other) => share(other) - share(one));
  const near = filling.filter(({ used_percent: used }) => isNear(used)).length;
  const others = rows.filter(({ key }) => !usage.some((each) => each.key === key));
  return (
    <Panel name="limits" title="Limits" count={near === 0 ? null : `${near} near or at the limit`}>
      <ul class="limits" aria-label="Limits and their use" tabIndex={0}>
        {filling.map((row) => (
          <Filling key={row.key} row={row} limit={rows.find(({ key }) => key === row.key)} />
        ))}
        {others.map((limit) => (
          <Plain key={limit.key} limit={limit} />
        ))}
      </ul>
    </Panel>
  );
}

function share({ used_percent: used }: LimitUsage): number {
  return approximate(used) || 0;
}

function isNear(used: string | null): boolean {
  const fill = fillOf(used);
  return fill === "near" || fill === "full";
}

function Filling({ row, limit }: { readonly row: LimitUsage; readonly limit: Limit | undefined }) {
  const { key, used, used_percent: part, subject } = row;
  return (
    <li class={`limit limit-${fillOf(part)}`} data-limit={key}>
      <a href={linkTo("limit", key)} title={limit?.description ?? ""}>
        {spaced(key)}
      </a>
      <span class="limit-value number">
        {subject !== null && <span class="muted">{subject} </span>}
        {used === null ? "?" : exact(used, { most: 2 })} <span class="muted">of</span>{" "}
        {exact(row.limit)}
        <Marks limit={limit} />
      </span>
      <Gauge label={spaced(key)} used={part} />
      <span class="number limit-share">
        {isNear(part) && <span aria-hidden="true">▲ </span>}
        {percent(part, { digits: 0 })}
      </span>
    </li>
  );
}

function Plain({ limit }: { readonly limit: Limit }) {
  return (
    <li class={limit.value === null ? "limit limit-off" : "limit"} data-limit={limit.key}>
      <a href={linkTo("limit", limit.key)} title={limit.description}>
        {spaced(limit.key)}
      </a>
      <span class="limit-value number">
        {limit.value === null ? <span class="muted">off</span> : valueInWords(limit)}
        <Marks limit={limit} />
      </span>
    </li>
  );
}

function valueInWords({ value, kind }: Limit): string {
  const isNumber = ["money", "quantity", "percent", "count", "seconds", "milliseconds"].includes(
    kind,
  );
  return isNumber ? exact(value) : (value ?? "");
}

function Marks({ limit }: { readonly limit: Limit | undefined }) {
  if (limit === undefined) return null;
  const { shadow, hard, overrides } = limit;
  return (
    <>
      {shadow && (
        <span class="tag" title="Records what it would have refused">
          shadow
        </span>
      )}
      {hard && (
        <span class="tag" title="Overrides may only be stricter">
          hard
        </span>
      )}
      {overrides.length > 0 && (
        <span class="tag" title="For an account, a symbol or a strategy">
          +{overrides.length}
        </span>
      )}
    </>
  );
}
