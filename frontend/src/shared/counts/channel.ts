import type { Counts, Heartbeat, Point, Snapshot, Update } from "../../api/types";
import type { Channel } from "../../live/channel";

/** The live window the server keeps: 15 minutes in 5 s buckets. */
export const WINDOW_SECONDS = 15 * 60;

export interface LiveCounts {
  /** The server's time of the last frame: the end of the window. */
  asOf: string | null;
  /** All time, absolute. */
  counts: Counts | null;
  bucketSeconds: number;
  /** One window of them, oldest first, without the empty buckets. */
  points: readonly Point[];
  postsPerSecond: number;
  /** From when on the points lack posts that wait; null when none does. */
  completeUntil: string | null;
}

/** The channel of counts by label, of all time and over the last minutes. */
export const countsChannel: Channel<LiveCounts> = {
  initial: { asOf: null, counts: null, bucketSeconds: 5, points: [], postsPerSecond: 0, completeUntil: null },

  reduce(state: LiveCounts, frame: Snapshot | Update | Heartbeat): LiveCounts {
    switch (frame.type) {
      case "snapshot":
        return {
          ...state,
          asOf: frame.as_of,
          counts: frame.counts,
          bucketSeconds: frame.series.bucket_seconds,
          points: inWindow(frame.series.points, frame.as_of),
          completeUntil: frame.complete_until,
        };
      case "update":
        return {
          ...state,
          asOf: frame.as_of,
          counts: frame.counts,
          points: inWindow(replacePoints(state.points, frame.points), frame.as_of),
          postsPerSecond: frame.posts_per_second,
          completeUntil: frame.complete_until,
        };
      case "heartbeat":
        return { ...state, asOf: frame.as_of, postsPerSecond: 0 };
    }
  },
};

function replacePoints(known: readonly Point[], fresh: readonly Point[]): Point[] {
  const byTime = new Map(known.map((point) => [Date.parse(point.time), point]));
  for (const point of fresh) byTime.set(Date.parse(point.time), point);
  return [...byTime].sort(([a], [b]) => a - b).map(([, point]) => point);
}

function inWindow(points: readonly Point[], asOf: string): readonly Point[] {
  const oldest = Date.parse(asOf) - WINDOW_SECONDS * 1000;
  const first = points.findIndex((point) => Date.parse(point.time) >= oldest);
  if (first === 0) return points;
  return first === -1 ? [] : points.slice(first);
}
