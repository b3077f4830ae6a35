import { LABELS, type Point } from "../../api/types";

/** A point with its time as a number, for charts and sums. */
export interface Bucket {
  start: number;
  positive: number;
  neutral: number;
  negative: number;
}

const ZERO = { positive: 0, neutral: 0, negative: 0 };

/** All buckets from `from` (inclusive) to `to` (exclusive), those without a point as zeros. Times in ms. */
export function fillGaps(points: readonly Point[], from: number, to: number, seconds: number): Bucket[] {
  const step = seconds * 1000;
  const known = new Map(points.map((point) => [Math.floor(Date.parse(point.time) / step) * step, point]));
  const buckets: Bucket[] = [];
  for (let start = Math.floor(from / step) * step; start < to; start += step) {
    const point = known.get(start);
    buckets.push(
      point
        ? { start, positive: point.positive, neutral: point.neutral, negative: point.negative }
        : { start, ...ZERO },
    );
  }
  return buckets;
}

/**
 * Buckets that hold what came before `cutoff`, continued up to `to` by the points from `cutoff` on, in
 * buckets of the same width. Each post is counted on one side of the cutoff only, so the line has no
 * step where the two meet, also when the cutoff lies inside a bucket. Times in ms.
 */
export function appendPoints(
  buckets: readonly Bucket[],
  points: readonly Point[],
  cutoff: number,
  to: number,
  seconds: number,
): Bucket[] {
  const step = seconds * 1000;
  const joined = new Map(buckets.map((bucket) => [bucket.start, { ...bucket }]));
  for (let start = Math.floor(cutoff / step) * step; start < to; start += step) {
    if (!joined.has(start)) joined.set(start, { start, ...ZERO });
  }
  for (const point of points) {
    const time = Date.parse(point.time);
    if (time < cutoff) continue;
    const bucket = joined.get(Math.floor(time / step) * step);
    if (bucket) for (const label of LABELS) bucket[label] += point[label];
  }
  return [...joined.values()].sort((a, b) => a.start - b.start);
}

export interface Totals {
  positive: number;
  neutral: number;
  negative: number;
  total: number;
}

export function sum(buckets: readonly Bucket[]): Totals {
  const totals = { ...ZERO, total: 0 };
  for (const bucket of buckets) {
    for (const label of LABELS) {
      totals[label] += bucket[label];
      totals.total += bucket[label];
    }
  }
  return totals;
}

/** (positive - negative) / total, from -1 to 1; null where there is nothing. */
export function netSentiment({ positive, neutral, negative }: Omit<Totals, "total">): number | null {
  const total = positive + neutral + negative;
  return total === 0 ? null : (positive - negative) / total;
}
