/** A post is in work for a moment before it counts. */
const IN_WORK_MS = 10_000;

/** From when on figures up to `to` lack posts that wait; null when they lack none. Times in ms. */
export function incompleteFrom(completeUntil: string | null, asOf: number | null, to: number): number | null {
  if (completeUntil === null || asOf === null) return null;
  const from = Date.parse(completeUntil);
  return from < to && asOf - from > IN_WORK_MS ? from : null;
}
