import type { Counts, Point, Post } from "../api/types";
import type { Frame } from "./frames";

/** The live window the server keeps: 15 minutes in 5 s buckets. */
export const WINDOW_SECONDS = 15 * 60;
export const MAX_POSTS = 200;

/** What is known of the stream now. Bounded: at most one window of points and MAX_POSTS posts. */
export interface LiveState {
  asOf: string | null;
  cursor: string | null;
  /** All time, absolute. */
  counts: Counts | null;
  bucketSeconds: number;
  /** Oldest first, without the empty buckets. */
  points: readonly Point[];
  /** Newest first; a sample under load. */
  posts: readonly Post[];
  postsPerSecond: number;
  /** Posts seen since the page was opened, sampled or not. */
  arrived: number;
}

export const EMPTY: LiveState = {
  asOf: null,
  cursor: null,
  counts: null,
  bucketSeconds: 5,
  points: [],
  posts: [],
  postsPerSecond: 0,
  arrived: 0,
};

/**
 * The state after one frame. Counts and points are absolute and posts have ids, so a frame that
 * comes twice, or again after a reconnect, changes nothing that it already told.
 */
export function fold(state: LiveState, frame: Frame): LiveState {
  switch (frame.type) {
    case "hello":
      return state;
    case "snapshot":
      return {
        ...state,
        asOf: frame.as_of,
        cursor: frame.cursor,
        counts: frame.counts,
        bucketSeconds: frame.series.bucket_seconds,
        points: inWindow(frame.series.points, frame.as_of),
        posts: mergePosts(frame.posts, state.posts),
        arrived: state.arrived + missed(state.counts, frame.counts),
      };
    case "update":
      return {
        ...state,
        asOf: frame.as_of,
        cursor: frame.cursor,
        counts: frame.counts,
        points: inWindow(replacePoints(state.points, frame.points), frame.as_of),
        posts: mergePosts(frame.posts, state.posts),
        postsPerSecond: frame.posts_per_second,
        arrived: frame.cursor === state.cursor ? state.arrived : state.arrived + frame.new_posts,
      };
    case "heartbeat":
      return { ...state, asOf: frame.as_of, postsPerSecond: 0 };
  }
}

/** Posts that came while we were away: known from the absolute totals. */
function missed(before: Counts | null, after: Counts): number {
  return before === null ? 0 : Math.max(0, after.total - before.total);
}

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

function mergePosts(fresh: readonly Post[], known: readonly Post[]): readonly Post[] {
  if (fresh.length === 0) return known;
  const ids = new Set(fresh.map((post) => post.id));
  return [...fresh, ...known.filter((post) => !ids.has(post.id))].slice(0, MAX_POSTS);
}
