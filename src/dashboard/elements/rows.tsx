// A table that draws only the rows in sight, however many there are, and takes the arrow keys.
import { Component, type ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Sorting } from "../state/arrangement.ts";

export interface Column<Row> {
  readonly name: string;
  readonly title: ComponentChildren;
  /** Numbers stand right, with their digits under each other. */
  readonly isNumber?: boolean;
  /** 1 stays on the narrowest screen, 3 is the first to go. */
  readonly rank?: 1 | 2 | 3;
  readonly cell: (row: Row) => ComponentChildren;
}

interface RowsProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly classOf?: (row: Row) => string;
  readonly end?: ComponentChildren;
  /** Columns that can be sorted by, and how they are now. */
  readonly sorting?: Sorting & {
    readonly columns: readonly string[];
    readonly sortBy: (column: string) => void;
  };
}

/** What the style sheet gives a row; narrow screens have taller ones, for fingers. */
function rowHeight(): number {
  const given = getComputedStyle(document.documentElement).getPropertyValue("--row");
  return Number.parseInt(given, 10) || 30;
}

/** Rows drawn above and below what is in sight. */
const MARGIN = 12;
const DRAW_ALL_BELOW = 60;

export function Rows<Row>(props: RowsProps<Row>) {
  const { label, columns, rows, keyOf, classOf, end, sorting } = props;
  const frame = useRef<HTMLDivElement>(null);
  const { from, to, height } = useWindow(frame, rows.length);
  return (
    <div class="rows" ref={frame} onKeyDown={moveFocus}>
      <table aria-label={label} aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.name} column={column} sorting={sorting} />
            ))}
          </tr>
        </thead>
        <tbody>
          {from > 0 && <Spacer height={from * height} columns={columns.length} />}
          {rows.slice(from, to).map((row, index) => (
            <RowLine
              key={keyOf(row)}
              row={row}
              columns={columns}
              classes={classOf?.(row) ?? ""}
              place={from + index + 2}
            />
          ))}
          {to < rows.length && (
            <Spacer height={(rows.length - to) * height} columns={columns.length} />
          )}
        </tbody>
      </table>
      {end}
    </div>
  );
}

interface RowLineProps<Row> {
  readonly row: Row;
  readonly columns: readonly Column<Row>[];
  readonly classes: string;
  readonly place: number;
}

/** Drawn anew when its own row changed, not when some other one did: of a thousand rows a few move at once. */
class RowLine<Row> extends Component<RowLineProps<Row>> {
  override shouldComponentUpdate(next: RowLineProps<Row>, nextState: unknown): boolean {
    const { row, columns, classes, place } = this.props;
    return (
      next.row !== row ||
      next.columns !== columns ||
      next.classes !== classes ||
      next.place !== place ||
      // What a cell reads of the page's state, as the time, tells this way.
      nextState !== this.state
    );
  }

  override render({ row, columns, classes, place }: RowLineProps<Row>) {
    return (
      <tr class={classes} aria-rowindex={place}>
        {columns.map((column) => (
          <td key={column.name} class={classesOf(column)}>
            {column.cell(row)}
          </td>
        ))}
      </tr>
    );
  }
}

interface HeadProps<Row> {
  readonly column: Column<Row>;
  readonly sorting: RowsProps<Row>["sorting"];
}

function Head<Row>({ column, sorting }: HeadProps<Row>) {
  const { name, title } = column;
  if (sorting?.columns.includes(name) !== true) {
    return (
      <th scope="col" class={classesOf(column)}>
        {title}
      </th>
    );
  }
  const isBy = sorting.column === name;
  const mark = !isBy ? "" : sorting.isDescending ? "▾" : "▴";
  const order = sorting.isDescending ? "descending" : "ascending";
  return (
    <th scope="col" class={classesOf(column)} aria-sort={isBy ? order : "none"}>
      <button type="button" class="sort" onClick={() => sorting.sortBy(name)}>
        {title}
        <span class="sort-mark" aria-hidden="true">
          {mark}
        </span>
      </button>
    </th>
  );
}

function Spacer({ height, columns }: { readonly height: number; readonly columns: number }) {
  return (
    <tr class="spacer" aria-hidden="true" style={{ height: `${height}px` }}>
      <td colSpan={columns} />
    </tr>
  );
}

function classesOf<Row>({ name, isNumber = false, rank = 1 }: Column<Row>): string {
  return `col-${name} rank-${rank}${isNumber ? " number" : ""}`;
}

function useWindow(frame: { current: HTMLDivElement | null }, count: number) {
  // The height is kept: asking for it while rows are drawn makes the browser lay out twice.
  const [range, setRange] = useState(() => ({ from: 0, to: DRAW_ALL_BELOW, height: rowHeight() }));
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const measure = (): void => {
      const height = rowHeight();
      const first = Math.floor(element.scrollTop / height);
      const inSight = Math.ceil(element.clientHeight / height);
      const [from, to] = [Math.max(0, first - MARGIN), first + inSight + MARGIN];
      setRange((old) =>
        old.from === from && old.to === to && old.height === height ? old : { from, to, height },
      );
    };
    measure();
    element.addEventListener("scroll", measure, { passive: true });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", measure);
      observer.disconnect();
    };
  }, [count < DRAW_ALL_BELOW]);
  return count < DRAW_ALL_BELOW ? { ...range, from: 0, to: count } : range;
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

/** Up and down from the first button of a row to that of the next. */
function moveFocus(event: KeyboardEvent): void {
  const step = STEPS[event.key];
  const row = event.target instanceof Element ? event.target.closest("tbody tr") : null;
  if (step === undefined || row === null || event.target instanceof HTMLInputElement) return;
  const next = step > 0 ? row.nextElementSibling : row.previousElementSibling;
  const target = next?.querySelector<HTMLElement>("a, button");
  if (target == null) return;
  event.preventDefault();
  target.focus();
  target.scrollIntoView({ block: "nearest" });
}
