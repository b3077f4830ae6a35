import type { Channel } from "../../live/channel";
import { useLiveView } from "../../live/LiveProvider";
import { stateOf } from "../../live/state";

export const MAX_REMOVED = 10_000;

/** Ids of recently removed posts, which must not be shown any more. */
export const removedChannel: Channel<ReadonlySet<string>> = {
  initial: new Set(),

  reduce(known, frame) {
    if (frame.type === "heartbeat") return known;
    const added = frame.removed.filter((id) => !known.has(id));
    return added.length === 0 ? known : new Set([...known, ...added].slice(-MAX_REMOVED));
  },
};

/** The current ids, even while the page is paused: a removed post disappears at once. */
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
