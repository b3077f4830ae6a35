import { netSentiment } from "../../shared/counts/series";
import type { Trend } from "./useTrend";

/** A row of the trend for a bucket: posts per second by label, and net sentiment from -1 to 1. */
export interface TrendRow {
  /** ms */
  start: number;
  seconds: number;
  positive: number;
  neutral: number;
  negative: number;
  net: number | null;
}

/** Rates instead of counts, so that ranges are comparable and the unfinished bucket shows no drop. */
export function trendRows({ buckets, bucketSeconds, to }: Trend): TrendRow[] {
  const rows: TrendRow[] = [];
  for (const { start, positive, neutral, negative } of buckets) {
    const elapsed = Math.min(bucketSeconds, (to - start) / 1000);
    // The bucket has only just begun, so its rate would be random.
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

/** Whether both rows look the same in the chart. */
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
