// A question that must be answered first. The browser's own dialog keeps the focus inside and gives it
// back afterwards; Escape says no.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

interface DialogProps {
  readonly title: string;
  readonly tone?: "danger" | "plain";
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function Dialog({ title, tone = "plain", onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Not useEffect: closing after the next paint would take the focus from whatever got it meanwhile.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class={`dialog dialog-${tone}`}
      aria-labelledby="dialog-title"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id="dialog-title">{title}</h2>
      {children}
    </dialog>
  );
}
