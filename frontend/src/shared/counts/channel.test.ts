import { describe, expect, it } from "vitest";
import { counts, point, snapshot, T0, update } from "../../testing/data";
import { countsChannel, WINDOW_SECONDS } from "./channel";

const { initial, reduce } = countsChannel;
const later = (seconds: number) => new Date(T0 + seconds * 1000).toISOString();

describe("countsChannel", () => {
  it("takes counts as absolute, so that an update that comes twice changes nothing", () => {
    const frame = update({ counts: counts(5, 3, 2), points: [point(0, 2, 1, 0)] });
    const once = reduce(reduce(initial, snapshot()), frame);
    expect(reduce(once, frame)).toEqual(once);
    expect(once.counts?.total).toBe(10);
  });

  it("replaces a point by its time and keeps points in order", () => {
    const start = reduce(
      initial,
      snapshot({ series: { bucket_seconds: 5, points: [point(-10, 1), point(-5, 2)] } }),
    );
    const state = reduce(start, update({ points: [point(0, 4), point(-5, 3)] }));
    expect(state.points.map(({ positive }) => positive)).toEqual([1, 3, 4]);
  });

  it("matches points by instant, however the time is written", () => {
    const start = reduce(initial, snapshot({ series: { bucket_seconds: 5, points: [point(0, 1)] } }));
    const state = reduce(start, update({ points: [{ ...point(0, 2), time: "2026-03-01T12:00:00+00:00" }] }));
    expect(state.points.map(({ positive }) => positive)).toEqual([2]);
  });

  it("keeps one window of points, however long it runs", () => {
    let state = reduce(initial, snapshot());
    for (let seconds = 0; seconds < 3 * WINDOW_SECONDS; seconds += 5) {
      state = reduce(state, update({ as_of: later(seconds), points: [point(seconds, 1)] }));
    }
    expect(state.points).toHaveLength(WINDOW_SECONDS / 5 + 1);
  });

  it("keeps everything on a heartbeat but the time and the pace", () => {
    const state = reduce(reduce(initial, snapshot()), update());
    const idle = reduce(state, { type: "heartbeat", as_of: later(6) });
    expect(idle).toEqual({ ...state, asOf: later(6), postsPerSecond: 0 });
  });
});
