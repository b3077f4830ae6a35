import type { Channel } from "../../live/channel";
import { useLiveView } from "../../live/LiveProvider";
import { stateOf } from "../../live/state";

export const MAX_REMOVED = 10_000;

/** Ids of the posts that were removed lately: whoever shows one forgets it. */
export const removedChannel: Channel<ReadonlySet<string>> = {
  initial: new Set(),

  reduce(known, frame) {
    if (frame.type === "heartbeat") return known;
    const added = frame.removed.filter((id) => !known.has(id));
    return added.length === 0 ? known : new Set([...known, ...added].slice(-MAX_REMOVED));
  },
};

/** As of now, whatever is paused: a post that is gone does not stay on a page because somebody reads it. */
export function useRemoved(): ReadonlySet<string> {
  return useLiveView(({ newest }) => stateOf(newest, removedChannel));
}

/** The same list if none of its posts was removed. */
export function withoutRemoved<P extends { id: string }>(
  posts: readonly P[],
  removed: ReadonlySet<string>,
): readonly P[] {
  return posts.some((post) => removed.has(post.id)) ? posts.filter((post) => !removed.has(post.id)) : posts;
}
