// What opens beside the tables: one thing with all of its details. The page behind stays in reach, above
// all the red button.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { closePlace } from "../state/place.ts";

interface DrawerProps {
  readonly title: ComponentChildren;
  readonly label: string;
  readonly children: ComponentChildren;
}

export function Drawer({ title, label, children }: DrawerProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const drawer = useRef<HTMLElement>(null);
  // Not useEffect: it gives the focus back only after the next paint, and by then a shortcut may have
  // moved it on, as "/" straight after Escape does.
  useLayoutEffect(() => {
    const before = document.activeElement;
    const own = drawer.current;
    heading.current?.focus();
    return () => {
      const isElsewhere = document.activeElement !== document.body;
      if (isElsewhere && own?.contains(document.activeElement) !== true) return;
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <aside ref={drawer} class="drawer" aria-label={label}>
      <header class="drawer-head">
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" class="button quiet" onClick={closePlace}>
          Close <kbd>Esc</kbd>
        </button>
      </header>
      <div class="drawer-body" tabIndex={0} role="region" aria-label={`${label}, details`}>
        {children}
      </div>
    </aside>
  );
}
