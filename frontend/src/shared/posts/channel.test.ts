import { describe, expect, it } from "vitest";
import { post, snapshot, update } from "../../testing/data";
import { MAX_POSTS, postsChannel } from "./channel";

const { initial, reduce } = postsChannel;

describe("postsChannel", () => {
  it("has each post once, newest first, and no more than fit", () => {
    let posts = reduce(initial, snapshot({ posts: [post("b"), post("a")] }));
    posts = reduce(posts, update({ posts: [post("c"), post("b")] }));
    expect(posts.map(({ id }) => id)).toEqual(["c", "b", "a"]);
    for (let at = 0; at < 2 * MAX_POSTS; at += 20) {
      posts = reduce(
        posts,
        update({ posts: Array.from({ length: 20 }, (_, extra) => post(`p${at + extra}`)) }),
      );
    }
    expect(posts).toHaveLength(MAX_POSTS);
  });

  it("is the same list where a frame has no posts, so that nothing is drawn anew", () => {
    const posts = reduce(initial, snapshot({ posts: [post("a")] }));
    expect(reduce(posts, update({ posts: [] }))).toBe(posts);
    expect(reduce(posts, { type: "heartbeat", as_of: "2026-03-01T12:00:06Z" })).toBe(posts);
  });
});
