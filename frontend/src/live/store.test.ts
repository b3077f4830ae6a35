import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { counts, post, snapshot, update } from "../testing/data";
import type { Channel } from "./channel";
import { stateOf } from "./state";
import { LiveStore } from "./store";

const totals: Channel<number | null> = {
  initial: null,
  reduce: (known, frame) => (frame.type === "heartbeat" ? known : frame.counts.total),
};
const postIds: Channel<readonly string[]> = {
  initial: [],
  reduce: (known, frame) =>
    frame.type === "heartbeat" ? known : [...frame.posts.map(({ id }) => id), ...known],
};

describe("LiveStore", () => {
  let store: LiveStore;
  beforeEach(() => {
    vi.useFakeTimers();
    store = new LiveStore([totals, postIds]);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("lets at most four changes a second out, and the last one always", () => {
    const heard = vi.fn();
    store.subscribe(heard);
    for (let at = 1; at <= 100; at += 1) {
      store.receive(update({ cursor: String(at), counts: counts(at, 0, 0) }));
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(250);
    expect(heard.mock.calls.length).toBeLessThanOrEqual(5);
    expect(stateOf(store.getView().shown, totals)).toBe(100);
  });

  it("holds still while paused, goes on underneath, and has it all on resuming", () => {
    store.receive(snapshot({ posts: [post("a")] }));
    store.pause();
    store.receive(update({ cursor: "2", posts: [post("b")] }));
    store.receive(update({ cursor: "3", posts: [post("c")] }));
    vi.advanceTimersByTime(250);
    expect(store.getView().paused).toBe(true);
    expect(stateOf(store.getView().shown, postIds)).toEqual(["a"]);
    expect(stateOf(store.getView().newest, postIds)).toEqual(["c", "b", "a"]);
    expect(store.cursor).toBe("3");

    store.resume();
    expect(store.getView().paused).toBe(false);
    expect(stateOf(store.getView().shown, postIds)).toEqual(["c", "b", "a"]);
  });

  it("forgets every channel's state for another user", () => {
    store.receive(snapshot({ posts: [post("a")] }));
    store.reset();
    expect(stateOf(store.getView().shown, postIds)).toEqual([]);
    expect(store.cursor).toBeNull();
  });

  it("tells of a changed connection at once", () => {
    store.receive(snapshot());
    vi.advanceTimersByTime(250);
    store.setLink({ state: "reconnecting", retryAt: 1, lastFrameAt: 0 });
    expect(store.getView().link.state).toBe("reconnecting");
  });

  it("has no state of a channel that no feature brings", () => {
    const other: Channel<null> = { initial: null, reduce: () => null };
    expect(() => stateOf(store.getView().shown, other)).toThrow("no feature");
  });
});
