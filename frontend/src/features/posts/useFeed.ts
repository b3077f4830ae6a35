import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { api, bodyOf } from "../../api/client";
import type { Post, PostPage, PostQuery } from "../../api/types";
import { useChannel, useLiveControls, useLiveView } from "../../live/LiveProvider";
import { useBehind } from "../../shared/counts/useBehind";
import { postsChannel } from "../../shared/posts/channel";
import { useRemoved, withoutRemoved } from "../../shared/posts/removed";
import { withEdits } from "../../shared/posts/revision";
import { useHold } from "../../ui/useHold";
import { canBeLive, matches, mergeNewestFirst, toFilter, type View } from "./filter";

const PAGE_SIZE = 50;
/** How often the first page is requested again while live: a sample of the stream may miss rare posts. */
const HEAD_MS = 5_000;
const MAX_LIVE = 100;

/** A page of posts, newest first; `before` is the cursor that the page above it gave as `next`. */
function loadPage(filter: PostQuery, before: string | null, signal: AbortSignal): Promise<PostPage> {
  const params = { query: { ...filter, before, limit: PAGE_SIZE } };
  return filter.q || filter.from || filter.to
    ? bodyOf(api.GET("/api/posts/search", { params, signal }))
    : bodyOf(api.GET("/api/posts/recent", { params, signal }));
}

/**
 * The posts of a view: what the database has, page by page, with the live stream's newest ahead of
 * them. Reading further down pauses; resuming begins again at the newest.
 */
export function useFeed(view: View) {
  const arrived = useChannel(postsChannel);
  const removed = useRemoved();
  const paused = useLiveView((view) => view.paused);
  const behind = useBehind();
  const { resume } = useLiveControls();
  const live = canBeLive(view) && !paused;
  const { shown: newest, holding, handlers } = useHold(arrived);

  const query = useInfiniteQuery({
    queryKey: ["posts", view],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => loadPage(toFilter(view), pageParam, signal),
    getNextPageParam: (page: PostPage) => page.next,
    refetchInterval: (current) =>
      live && !holding && (current.state.data?.pages.length ?? 0) <= 1 ? HEAD_MS : false,
    refetchOnWindowFocus: false,
  });

  const { refetch } = query;
  // Otherwise posts that arrived between the last page and the pause would be missing.
  useEffect(() => {
    if (paused && canBeLive(view)) void refetch();
  }, [paused, view, refetch]);

  const posts = useMemo((): Post[] => {
    const pages = query.data?.pages.flatMap((page) => page.posts) ?? [];
    const stored = [...withEdits(withoutRemoved(pages, removed), newest, (post) => matches(view, post))];
    if (!canBeLive(view)) return stored;
    const arriving = withoutRemoved(newest, removed)
      .filter((post) => matches(view, post))
      .slice(0, MAX_LIVE);
    const merged = mergeNewestFirst(arriving, stored);
    return paused ? merged : merged.slice(0, Math.max(MAX_LIVE, PAGE_SIZE));
  }, [query.data, newest, removed, view, paused]);

  return { posts, query, live, holding, handlers, paused, behind, resume };
}
