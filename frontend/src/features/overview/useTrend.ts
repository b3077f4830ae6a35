import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useChannel } from "../../live/LiveProvider";
import { countsChannel, WINDOW_SECONDS } from "../../shared/counts/channel";
import { appendPoints, type Bucket, fillGaps, sum, type Totals } from "../../shared/counts/series";
import { bucketFor, type Range, recent } from "../../shared/range";
import { cutoffAt, loadBetween, loadUpTo } from "./history";
import { incompleteFrom } from "./incomplete";

const FEWEST_BUCKETS = 24;
/** How often the charts are drawn: their finest buckets are 5 s wide. */
const RENEW_MS = 1_000;
/** After that, a post that came later than the live points reach back is in the bucket of its time. */
const REFETCH_MS = 5 * 60_000;

export interface Trend {
  buckets: Bucket[];
  bucketSeconds: number;
  totals: Totals;
  /** End of what is shown, ms. */
  to: number;
  /** Whether the line moves with the stream. */
  live: boolean;
  /** From when on the buckets lack posts that wait, ms; null while none waits for long. */
  incompleteFrom: number | null;
}

/** If the pipeline is younger than the window, its line begins with its first post, not with zeros. */
function fromFirstPost(buckets: Bucket[]): Bucket[] {
  const first = buckets.findIndex(({ positive, neutral, negative }) => positive + neutral + negative > 0);
  return buckets.slice(Math.max(0, Math.min(first, buckets.length - FEWEST_BUCKETS)));
}

export function useTrend(range: Range) {
  const seconds = range.kind === "custom" ? (range.to - range.from) / 1000 : recent(range.id).seconds;
  const bucketSeconds = range.kind === "custom" ? bucketFor(seconds) : recent(range.id).bucket;
  const state = useChannel(countsChannel, RENEW_MS);
  const asOf = state.asOf === null ? null : Date.parse(state.asOf);
  const windowOnly = range.kind === "recent" && seconds === WINDOW_SECONDS;
  const needsHistory = !windowOnly || asOf === null;

  const history = useQuery({
    queryKey: ["history", range, bucketSeconds],
    enabled: needsHistory,
    refetchInterval: windowOnly ? 5_000 : REFETCH_MS,
    refetchIntervalInBackground: true,
    queryFn: ({ signal }) => {
      const now = Date.now();
      const cutoff = cutoffAt(now);
      if (range.kind === "custom" && range.to <= cutoff) {
        return loadBetween(range.from, range.to, bucketSeconds, signal);
      }
      const from = range.kind === "custom" ? range.from : now - seconds * 1000;
      return windowOnly
        ? loadBetween(from, now, bucketSeconds, signal)
        : loadUpTo(cutoff, from, bucketSeconds, signal);
    },
  });

  const data = useMemo((): Trend | null => {
    if (windowOnly && asOf !== null) {
      // The first bucket is cut by the window: begin with the next one.
      const from = asOf - (WINDOW_SECONDS - state.bucketSeconds) * 1000;
      const buckets = fillGaps(state.points, from, asOf, state.bucketSeconds);
      const totals = sum(buckets);
      const isYoung = state.counts?.total === totals.total;
      return {
        buckets: isYoung ? fromFirstPost(buckets) : buckets,
        bucketSeconds: state.bucketSeconds,
        totals,
        to: asOf,
        live: true,
        incompleteFrom: incompleteFrom(state.completeUntil, asOf, asOf),
      };
    }
    if (history.data === undefined) return null;
    const { buckets: past, cutoff, bucketSeconds: step } = history.data;
    const end = range.kind === "custom" ? Math.min(range.to, asOf ?? cutoff) : (asOf ?? cutoff);
    const live = asOf !== null && end > cutoff;
    const start = range.kind === "custom" ? range.from : end - seconds * 1000;
    const joined = live ? appendPoints(past, state.points, cutoff, end, step) : past;
    const buckets = joined.filter((bucket) => bucket.start + step * 1000 > start);
    const to = Math.max(end, cutoff);
    return {
      buckets,
      bucketSeconds: step,
      totals: sum(buckets),
      to,
      live,
      incompleteFrom: incompleteFrom(state.completeUntil, asOf, to),
    };
  }, [windowOnly, asOf, state, history.data, range, seconds]);

  return { data, error: data === null ? history.error : null, retry: history.refetch };
}
