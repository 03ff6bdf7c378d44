// A titled part of the page with its own tools and its own scrolling.
import type { ComponentChildren } from "preact";

interface PanelProps {
  readonly name: string;
  readonly title: string;
  readonly count?: number | string | null;
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Panel({ name, title, count = null, tools, children }: PanelProps) {
  return (
    <section class={`panel panel-${name}`} aria-labelledby={`title-${name}`}>
      <header class="panel-head">
        <h2 id={`title-${name}`}>
          {title}
          {count !== null && <span class="count">{count}</span>}
        </h2>
        {tools !== undefined && <div class="panel-tools">{tools}</div>}
      </header>
      <div class="panel-body">{children}</div>
    </section>
  );
}

export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}
