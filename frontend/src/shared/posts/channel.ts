import type { Heartbeat, Post, Snapshot, Update } from "../../api/types";
import type { Channel } from "../../live/channel";
import { newestRevisions } from "./revision";

export const MAX_POSTS = 200;

/** The newest posts, newest first, MAX_POSTS at most; under load a sample of them. */
export const postsChannel: Channel<readonly Post[]> = {
  query: { posts: "sample" },
  initial: [],

  reduce(known: readonly Post[], frame: Snapshot | Update | Heartbeat): readonly Post[] {
    if (frame.type === "heartbeat" || frame.posts.length === 0) return known;
    return newestRevisions([...frame.posts, ...known]).slice(0, MAX_POSTS);
  },
};
