import { api } from "../../api/endpoints";
import { type Bucket, fillGaps, joinAtSeam } from "../../shared/counts/series";

const MINUTE = 60_000;
const NOTHING = { points: [] };

export interface Past {
  buckets: Bucket[];
  bucketSeconds: number;
  /** ms; everything before it is in the buckets, nothing after it. */
  seam: number;
}

/** A full minute that no late commit can change any more. The live window begins well before it. */
export function seamAt(now: number): number {
  return floorTo(now - MINUTE, MINUTE);
}

/**
 * The history from `from` (ms) up to a seam, where the live points take over. The API's buckets are
 * whole, so the one that the seam cuts is put together from minutes.
 */
export async function loadPast(
  from: number,
  seam: number,
  wanted: number,
  signal: AbortSignal,
): Promise<Past> {
  let seconds = wanted;
  let found = await load(from, floorTo(seam, seconds * 1000), seconds, signal);
  // Where buckets so fine are not kept any more, the API answers with wider ones.
  if (found.bucket_seconds !== seconds) {
    seconds = found.bucket_seconds;
    found = await load(from, floorTo(seam, seconds * 1000), seconds, signal);
  }
  const cut = floorTo(seam, seconds * 1000);
  const minutes = cut < seam ? await load(cut, seam, MINUTE / 1000, signal) : NOTHING;
  const whole = fillGaps(found.points, from, cut, seconds);
  return { buckets: joinAtSeam(whole, minutes.points, cut, seam, seconds), bucketSeconds: seconds, seam };
}

/** The history between two times that are both over. */
export async function loadSpan(from: number, to: number, wanted: number, signal: AbortSignal): Promise<Past> {
  const { points, bucket_seconds: seconds } = await load(from, to, wanted, signal);
  return { buckets: fillGaps(points, from, to, seconds), bucketSeconds: seconds, seam: to };
}

async function load(from: number, to: number, seconds: number, signal: AbortSignal) {
  if (from >= to) return { points: [], bucket_seconds: seconds };
  return api.history(
    { from: new Date(from).toISOString(), to: new Date(to).toISOString(), bucket: bucketName(seconds) },
    signal,
  );
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
