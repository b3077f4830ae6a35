import { describe, expect, it } from "vitest";
import { counts, point, post, snapshot, T0, update } from "../testing/data";
import { EMPTY, fold, MAX_POSTS, WINDOW_SECONDS } from "./fold";

const later = (seconds: number) => new Date(T0 + seconds * 1000).toISOString();

describe("fold", () => {
  it("takes counts as absolute, so that an update that comes twice changes nothing", () => {
    const frame = update({
      counts: counts(5, 3, 2),
      points: [point(0, 2, 1, 0)],
      posts: [post("a")],
      new_posts: 3,
    });
    const once = fold(fold(EMPTY, snapshot()), frame);
    expect(fold(once, frame)).toEqual(once);
    expect(once.counts?.total).toBe(10);
    expect(once.arrived).toBe(3);
  });

  it("replaces a point by its time and keeps points in order", () => {
    const start = fold(
      EMPTY,
      snapshot({ series: { bucket_seconds: 5, points: [point(-10, 1), point(-5, 2)] } }),
    );
    const state = fold(start, update({ points: [point(0, 4), point(-5, 3)] }));
    expect(state.points.map(({ positive }) => positive)).toEqual([1, 3, 4]);
  });

  it("matches points by instant, however the time is written", () => {
    const start = fold(EMPTY, snapshot({ series: { bucket_seconds: 5, points: [point(0, 1)] } }));
    const state = fold(start, update({ points: [{ ...point(0, 2), time: "2026-03-01T12:00:00+00:00" }] }));
    expect(state.points.map(({ positive }) => positive)).toEqual([2]);
  });

  it("keeps one window of points, however long it runs", () => {
    let state = fold(EMPTY, snapshot());
    for (let seconds = 0; seconds < 3 * WINDOW_SECONDS; seconds += 5) {
      state = fold(
        state,
        update({ as_of: later(seconds), cursor: String(seconds), points: [point(seconds, 1)] }),
      );
    }
    expect(state.points).toHaveLength(WINDOW_SECONDS / 5 + 1);
  });

  it("shows each post once, newest first, and no more than fit", () => {
    let state = fold(EMPTY, snapshot({ posts: [post("b"), post("a")] }));
    state = fold(state, update({ posts: [post("c"), post("b")] }));
    expect(state.posts.map(({ id }) => id)).toEqual(["c", "b", "a"]);
    for (let at = 0; at < 2 * MAX_POSTS; at += 20) {
      const posts = Array.from({ length: 20 }, (_, extra) => post(`p${at + extra}`));
      state = fold(state, update({ cursor: `p${at}`, posts }));
    }
    expect(state.posts).toHaveLength(MAX_POSTS);
  });

  it("knows from the totals how many posts came while it was away", () => {
    const before = fold(EMPTY, snapshot({ counts: counts(10, 0, 0) }));
    const back = fold(before, snapshot({ cursor: "9", counts: counts(25, 0, 0) }));
    expect(back.arrived - before.arrived).toBe(15);
  });

  it("keeps everything on a heartbeat but the time and the pace", () => {
    const state = fold(fold(EMPTY, snapshot()), update());
    const idle = fold(state, { type: "heartbeat", as_of: later(6) });
    expect(idle).toEqual({ ...state, asOf: later(6), postsPerSecond: 0 });
  });
});
