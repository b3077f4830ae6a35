import { api, bodyOf } from "../../api/client";
import { appendPoints, type Bucket, fillGaps } from "../../shared/counts/series";

const MINUTE = 60_000;

export interface History {
  buckets: Bucket[];
  bucketSeconds: number;
  /** ms; everything before it is in the buckets, nothing after it. */
  cutoff: number;
}

/** Live points correct what late posts change from here on; until the next request the live window reaches back to it. */
const LIVE_PART = 8 * MINUTE;

/** A full minute, from which on buckets are those of the live window. */
export function cutoffAt(now: number): number {
  return floorTo(now - LIVE_PART, MINUTE);
}

/**
 * The history from `from` (ms) up to a cutoff, where the live points take over. The API's buckets are
 * whole, so the one that the cutoff divides is put together from minutes.
 */
export async function loadUpTo(
  cutoff: number,
  from: number,
  wanted: number,
  signal: AbortSignal,
): Promise<History> {
  let seconds = wanted;
  let found = await load(from, floorTo(cutoff, seconds * 1000), seconds, signal);
  // If buckets of this width are no longer kept, the API answers with wider ones.
  if (found.bucket_seconds !== seconds) {
    seconds = found.bucket_seconds;
    found = await load(from, floorTo(cutoff, seconds * 1000), seconds, signal);
  }
  const whole = floorTo(cutoff, seconds * 1000);
  const minutes = whole < cutoff ? (await load(whole, cutoff, MINUTE / 1000, signal)).points : [];
  const buckets = fillGaps(found.points, from, whole, seconds);
  return { buckets: appendPoints(buckets, minutes, whole, cutoff, seconds), bucketSeconds: seconds, cutoff };
}

/** The history between two past times. */
export async function loadBetween(
  from: number,
  to: number,
  wanted: number,
  signal: AbortSignal,
): Promise<History> {
  const { points, bucket_seconds: seconds } = await load(from, to, wanted, signal);
  return { buckets: fillGaps(points, from, to, seconds), bucketSeconds: seconds, cutoff: to };
}

async function load(from: number, to: number, seconds: number, signal: AbortSignal) {
  if (from >= to) return { points: [], bucket_seconds: seconds };
  const query = {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    bucket: bucketName(seconds),
  };
  return bodyOf(api.GET("/api/stats/history", { params: { query }, signal }));
}

/** As the API writes a bucket's length. */
function bucketName(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400}d`;
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

function floorTo(time: number, step: number): number {
  return Math.floor(time / step) * step;
}
