import { netSentiment } from "../../shared/counts/series";
import type { Trend } from "./useTrend";

/** What the trend draws of a bucket: posts per second by label, and net sentiment from -1 to 1. */
export interface TrendRow {
  /** ms */
  start: number;
  seconds: number;
  positive: number;
  neutral: number;
  negative: number;
  net: number | null;
}

/** Rates, so that ranges compare and the bucket that is still filling does not dip. */
export function trendRows({ buckets, bucketSeconds, to }: Trend): TrendRow[] {
  const rows: TrendRow[] = [];
  for (const { start, positive, neutral, negative } of buckets) {
    const elapsed = Math.min(bucketSeconds, (to - start) / 1000);
    // Too little of a bucket says nothing yet.
    if (elapsed < bucketSeconds && elapsed < 60) continue;
    rows.push({
      start,
      seconds: bucketSeconds,
      positive: positive / elapsed,
      neutral: neutral / elapsed,
      negative: negative / elapsed,
      net: netSentiment({ positive, neutral, negative }),
    });
  }
  return rows;
}

/** Whether both draw the same. */
export function sameRows(a: readonly TrendRow[], b: readonly TrendRow[]): boolean {
  return a.length === b.length && a.every((row, at) => sameRow(row, b[at]));
}

function sameRow(a: TrendRow, b: TrendRow | undefined): boolean {
  return (
    a.start === b?.start &&
    a.seconds === b.seconds &&
    a.positive === b.positive &&
    a.neutral === b.neutral &&
    a.negative === b.negative
  );
}
