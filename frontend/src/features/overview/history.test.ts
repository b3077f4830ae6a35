import { describe, expect, it, vi } from "vitest";
import { appendPoints, sum } from "../../shared/counts/series";
import { point, T0 } from "../../testing/data";
import { json } from "../../testing/render";
import { cutoffAt, loadUpTo } from "./history";

const MINUTE = 60_000;
const NOW = T0 + 25 * MINUTE + 17_000;
const signal = new AbortController().signal;

/** One post each 5 s, and an API that answers whole buckets of them, as far as they have come by NOW. */
function serveHistory(narrowest = 5) {
  const asked: URLSearchParams[] = [];
  vi.stubGlobal("fetch", async ({ url }: Request) => {
    const query = new URL(url).searchParams;
    asked.push(query);
    const unit = { s: 1, m: 60, h: 3600, d: 86_400 }[(query.get("bucket") ?? "").slice(-1)] ?? 0;
    const seconds = Math.max(narrowest, Number.parseInt(query.get("bucket") ?? "", 10) * unit);
    const step = seconds * 1000;
    const points = [];
    const first = Math.floor(Date.parse(query.get("from") ?? "") / step) * step;
    for (let start = first; start < Date.parse(query.get("to") ?? ""); start += step) {
      points.push(
        point((start - T0) / 1000, Math.max(0, Math.floor((Math.min(start + step, NOW) - start) / 5000))),
      );
    }
    return json({ bucket_seconds: seconds, points });
  });
  return asked;
}

describe("loadUpTo", () => {
  it.each([60, 300, 3600, 86_400])("joins %d s buckets with live points: each post once", async (seconds) => {
    serveHistory();
    const from = T0 - 86_400_000;
    const cutoff = cutoffAt(NOW);
    const history = await loadUpTo(cutoff, from, seconds, signal);
    const live = Array.from({ length: 180 }, (_, at) => point((NOW - 17_000 - T0) / 1000 + 15 - 5 * at, 1));
    const joined = appendPoints(history.buckets, live, history.cutoff, NOW, seconds);
    const start = Math.floor(from / (seconds * 1000)) * seconds * 1000;
    expect(sum(joined).total).toBe(Math.floor((NOW - start) / 5000) + 1);
    expect(
      joined.every(
        (bucket, at) => at === 0 || bucket.start === (joined[at - 1]?.start ?? 0) + seconds * 1000,
      ),
    ).toBe(true);
  });

  it("goes by the width that the API still has", async () => {
    serveHistory(3600);
    const history = await loadUpTo(T0 + 20 * MINUTE, T0 - 10 * 3_600_000, 300, signal);
    expect(history.bucketSeconds).toBe(3600);
    expect(history.buckets.map(({ start }) => start)).toEqual(
      Array.from({ length: 11 }, (_, hour) => T0 + (hour - 10) * 3_600_000),
    );
  });

  it("asks once where the cutoff is a bucket's beginning", async () => {
    const asked = serveHistory();
    await loadUpTo(cutoffAt(NOW), T0 - 3_600_000, 60, signal);
    expect(asked).toHaveLength(1);
  });
});
