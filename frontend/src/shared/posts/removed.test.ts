import { describe, expect, it } from "vitest";
import { post, snapshot, update } from "../../testing/data";
import { MAX_REMOVED, removedChannel, withoutRemoved } from "./removed";

const { initial, reduce } = removedChannel;

describe("removedChannel", () => {
  it("knows the posts that frames named, and no more of them than fit", () => {
    let removed = reduce(initial, snapshot({ removed: ["a"] }));
    removed = reduce(removed, update({ removed: ["b"] }));
    expect([...removed]).toEqual(["a", "b"]);
    const many = Array.from({ length: MAX_REMOVED }, (_, number) => `p${number}`);
    expect(reduce(removed, update({ removed: many })).size).toBe(MAX_REMOVED);
  });

  it("is the same set where nothing was removed, so that nothing is drawn anew", () => {
    const removed = reduce(initial, update({ removed: ["a"] }));
    expect(reduce(removed, update())).toBe(removed);
    expect(reduce(removed, update({ removed: ["a"] }))).toBe(removed);
  });
});

describe("withoutRemoved", () => {
  it("leaves out what was removed", () => {
    const posts = [post("a"), post("b")];
    expect(withoutRemoved(posts, new Set(["a"])).map(({ id }) => id)).toEqual(["b"]);
    expect(withoutRemoved(posts, new Set(["c"]))).toBe(posts);
  });
});
