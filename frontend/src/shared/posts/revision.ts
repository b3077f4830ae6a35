import type { Post } from "../../api/types";

/** The newer revision of a post; the first one where they are the same. */
export function newer(a: Post, b: Post | undefined): Post {
  return b !== undefined && (b.revision ?? "") > (a.revision ?? "") ? b : a;
}

/** Each post once, at its first place, in its newest revision. */
export function newestRevisions(posts: Iterable<Post>): Post[] {
  const byId = new Map<string, Post>();
  for (const post of posts) byId.set(post.id, newer(byId.get(post.id) ?? post, post));
  return [...byId.values()];
}

/** The posts, those that were edited as they are now, unless they do not belong there any more. */
export function withEdits(
  posts: readonly Post[],
  arrived: readonly Post[],
  belongs: (post: Post) => boolean,
): readonly Post[] {
  const edits = new Map(arrived.filter((post) => post.revision !== null).map((post) => [post.id, post]));
  if (edits.size === 0) return posts;
  return posts.flatMap((post) => {
    const now = newer(post, edits.get(post.id));
    return now === post || belongs(now) ? [now] : [];
  });
}
