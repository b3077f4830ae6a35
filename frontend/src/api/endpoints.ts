import { request } from "./client";
import type {
  Accepted,
  DeadLetterPage,
  DeletedLetters,
  History,
  Label,
  NewPost,
  Pipeline,
  PostDetail,
  PostPage,
  ReplayedLetters,
  Session,
  Stats,
} from "./types";

export interface PostFilter {
  q?: string | null;
  label?: Label | null;
  source?: string | null;
  min_score?: number | null;
  from?: string | null;
  to?: string | null;
}

type Signal = AbortSignal | undefined;

export const api = {
  session: (signal?: Signal) => request<Session>("/api/session", { signal }),

  stats: (window: string | null, signal?: Signal) =>
    request<Stats>("/api/stats", { query: { window }, signal }),

  history: (query: { from: string; to: string; bucket?: string | undefined }, signal?: Signal) =>
    request<History>("/api/stats/history", { query, signal }),

  /** One page, newest first; `before` is the cursor the page above it gave as `next`. */
  posts: (filter: PostFilter, before: string | null, limit: number, signal?: Signal) => {
    const searching = filter.q || filter.from || filter.to;
    return request<PostPage>(searching ? "/api/posts/search" : "/api/posts/recent", {
      query: { ...filter, before, limit },
      signal,
    });
  },

  post: (id: string, signal?: Signal) =>
    request<PostDetail>(`/api/posts/${encodeURIComponent(id)}`, { signal }),

  submit: (post: NewPost) => request<Accepted>("/api/posts", { method: "POST", body: post }),

  pipeline: (signal?: Signal) => request<Pipeline>("/api/pipeline", { signal }),

  deadLetters: (before: string | null, limit: number, signal?: Signal) =>
    request<DeadLetterPage>("/api/dead-letters", { query: { before, limit }, signal }),

  /** Each letter goes into the stream again; those that are gone already are named. */
  replay: (ids: readonly string[]) =>
    request<ReplayedLetters>("/api/dead-letters/replay", { method: "POST", body: { dead_letter_ids: ids } }),

  discard: (ids: readonly string[]) =>
    request<DeletedLetters>("/api/dead-letters/delete", { method: "POST", body: { dead_letter_ids: ids } }),
};
