import { WINDOW_SECONDS } from "./counts/channel";

/** What the trend shows: a span that ends now, or two fixed times (ms). */
export type Range = { kind: "recent"; id: RecentId } | { kind: "custom"; from: number; to: number };

export const RECENT = [
  { id: "15m", name: "15 min", words: "last 15 minutes", seconds: WINDOW_SECONDS, bucket: 5 },
  { id: "1h", name: "1 h", words: "last hour", seconds: 3600, bucket: 60 },
  { id: "24h", name: "24 h", words: "last 24 hours", seconds: 86_400, bucket: 300 },
  { id: "7d", name: "7 d", words: "last 7 days", seconds: 7 * 86_400, bucket: 3600 },
  { id: "30d", name: "30 d", words: "last 30 days", seconds: 30 * 86_400, bucket: 3600 },
] as const;

export type RecentId = (typeof RECENT)[number]["id"];

const BUCKETS = [5, 60, 300, 3600, 86_400];
const MOST_BUCKETS = 750;

export function recent(id: RecentId) {
  const found = RECENT.find((range) => range.id === id);
  if (found === undefined) throw new Error(`no range ${id}`);
  return found;
}

/** The finest bucket that keeps a span within what a chart can show. */
export function bucketFor(seconds: number): number {
  const fine = seconds <= 2 * WINDOW_SECONDS ? 5 : 60;
  return BUCKETS.find((bucket) => bucket >= fine && seconds / bucket <= MOST_BUCKETS) ?? 86_400;
}

const DEFAULT_ID: RecentId = "15m";

/** The range in the page's address; an invalid one becomes the default. */
export function readRange(search: URLSearchParams): Range {
  const from = Date.parse(search.get("from") ?? "");
  const to = Date.parse(search.get("to") ?? "");
  if (Number.isFinite(from) && Number.isFinite(to) && from < to) return { kind: "custom", from, to };
  const id = search.get("range");
  const known = RECENT.find((range) => range.id === id);
  return { kind: "recent", id: known?.id ?? DEFAULT_ID };
}

/** Only what describes the range is touched; other parameters stay. */
export function writeRange(search: URLSearchParams, range: Range): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const name of ["range", "from", "to"]) next.delete(name);
  if (range.kind === "custom") {
    next.set("from", new Date(range.from).toISOString());
    next.set("to", new Date(range.to).toISOString());
  } else if (range.id !== DEFAULT_ID) {
    next.set("range", range.id);
  }
  return next;
}

export function rangeWords(range: Range): string {
  return range.kind === "recent" ? recent(range.id).words : "chosen range";
}
