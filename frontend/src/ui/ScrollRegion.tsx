import type { ReactNode } from "react";
import table from "./Table.module.css";

/** A box that scrolls when its table does not fit; it can be focused and scrolled by keyboard. */
export function ScrollRegion({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
    <section className={table.scroll} tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
