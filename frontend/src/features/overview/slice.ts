import { LABELS, type Label } from "../../api/types";
import type { Totals } from "../../shared/counts/series";

/**
 * The label whose slice lies at (x, y) from the ring's middle (y downwards), when the slices go
 * clockwise from the top; null outside the ring.
 */
export function sliceAt(totals: Totals, x: number, y: number, inner: number, outer: number): Label | null {
  const distance = Math.hypot(x, y);
  if (totals.total === 0 || distance < inner || distance > outer) return null;
  const turn = (Math.atan2(x, -y) / (2 * Math.PI) + 1) % 1;
  let end = 0;
  for (const label of LABELS) {
    end += totals[label] / totals.total;
    if (turn < end) return label;
  }
  return LABELS.at(-1) ?? null;
}
