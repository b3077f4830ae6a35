import type { Counts, Point, Post, Series } from "../api/types";

/** Subprotocol of /ws/sentiment; its number changes when frames change incompatibly. */
export const SUBPROTOCOL = "sentistream.v1";

export interface Hello {
  type: "hello";
  protocol: number;
  server_time: string;
  interval_ms: number;
}

export interface Snapshot {
  type: "snapshot";
  as_of: string;
  cursor: string;
  counts: Counts;
  series: Series;
  posts: Post[];
  gap_filled: boolean;
}

export interface Update {
  type: "update";
  as_of: string;
  cursor: string;
  /** All time, absolute. */
  counts: Counts;
  /** The newest buckets, absolute: they replace what is known of the same time. */
  points: Point[];
  /** A sample of what is new, newest first. */
  posts: Post[];
  /** How many there really were. */
  new_posts: number;
  posts_per_second: number;
}

export interface Heartbeat {
  type: "heartbeat";
  as_of: string;
}

export type Frame = Hello | Snapshot | Update | Heartbeat;

const TYPES = new Set(["hello", "snapshot", "update", "heartbeat"]);

/** The frame in a message, or null for one of a kind this dashboard does not know (a newer server's). */
export function parseFrame(text: string): Frame | null {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) return null;
  return TYPES.has((value as { type?: string }).type ?? "") ? (value as Frame) : null;
}
