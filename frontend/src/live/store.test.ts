import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { counts, post, snapshot, update } from "../testing/data";
import { LiveStore } from "./store";

describe("LiveStore", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("lets at most four changes a second out, and the last one always", () => {
    const store = new LiveStore();
    const heard = vi.fn();
    store.subscribe(heard);
    for (let at = 1; at <= 100; at += 1) {
      store.receive(update({ cursor: String(at), counts: counts(at, 0, 0) }));
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(250);
    expect(heard.mock.calls.length).toBeLessThanOrEqual(5);
    expect(store.getView().state.counts?.total).toBe(100);
  });

  it("holds still while paused, counts what came, and has it all on resuming", () => {
    const store = new LiveStore();
    store.receive(snapshot({ posts: [post("a")] }));
    store.pause();
    store.receive(update({ cursor: "2", posts: [post("b")], new_posts: 7 }));
    store.receive(update({ cursor: "3", posts: [post("c")], new_posts: 5 }));
    vi.advanceTimersByTime(250);
    expect(store.getView()).toMatchObject({ paused: true, behind: 12 });
    expect(store.getView().state.posts.map(({ id }) => id)).toEqual(["a"]);
    expect(store.cursor).toBe("3");

    store.resume();
    expect(store.getView()).toMatchObject({ paused: false, behind: 0 });
    expect(store.getView().state.posts.map(({ id }) => id)).toEqual(["c", "b", "a"]);
  });

  it("tells of a changed connection at once", () => {
    const store = new LiveStore();
    store.receive(snapshot());
    vi.advanceTimersByTime(250);
    store.setLink({ state: "reconnecting", retryAt: 1, lastFrameAt: 0 });
    expect(store.getView().link.state).toBe("reconnecting");
  });
});
