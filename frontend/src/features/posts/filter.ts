import { LABELS, type Label, type Post, type PostQuery } from "../../api/types";
import { newestRevisions } from "../../shared/posts/revision";
import { RECENT, type RecentId, recent } from "../../shared/range";

/** The filter of the posts page, as in its address. */
export interface View {
  q: string;
  label: Label | null;
  source: string | null;
  minScore: number | null;
  /** A span that ends now, or two fixed times (ISO), or neither. */
  range: RecentId | null;
  from: string | null;
  to: string | null;
}

export function readView(search: URLSearchParams): View {
  const label = LABELS.find((known) => known === search.get("label")) ?? null;
  const score = Number(search.get("min_score"));
  const range = RECENT.find(({ id }) => id === search.get("range"))?.id ?? null;
  const from = validTime(search.get("from"));
  const to = validTime(search.get("to"));
  return {
    q: search.get("q") ?? "",
    label,
    source: search.get("source"),
    minScore: score > 0 && score <= 1 ? score : null,
    range: from || to ? null : range,
    from,
    to,
  };
}

function validTime(text: string | null): string | null {
  return text !== null && Number.isFinite(Date.parse(text)) ? text : null;
}

const NAMES: Record<keyof View, string> = {
  q: "q",
  label: "label",
  source: "source",
  minScore: "min_score",
  range: "range",
  from: "from",
  to: "to",
};

export function writeView(search: URLSearchParams, change: Partial<View>): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const [key, value] of Object.entries(change)) {
    const name = NAMES[key as keyof View];
    if (value === null || value === "") next.delete(name);
    else next.set(name, String(value));
  }
  return next;
}

/** The filter as parameters of the API; a span that ends now begins at `now` minus its length. */
export function toFilter(view: View, now: number = Date.now()): PostQuery {
  const from = view.range ? new Date(now - recent(view.range).seconds * 1000).toISOString() : view.from;
  return {
    q: view.q || null,
    label: view.label,
    source: view.source,
    min_score: view.minScore,
    from,
    to: view.to,
  };
}

/** Whether new posts can still belong to the view: not when it searches or ends at a fixed time. */
export function canBeLive(view: View): boolean {
  return view.q === "" && view.to === null;
}

export function matches(view: View, post: Post): boolean {
  return (
    (view.label === null || post.sentiment_label === view.label) &&
    (view.source === null || post.source === view.source) &&
    (view.minScore === null || post.sentiment_score >= view.minScore) &&
    (view.from === null || Date.parse(post.posted_at) >= Date.parse(view.from))
  );
}

/** One list of all posts, each once, newest first. */
export function mergeNewestFirst(...lists: readonly (readonly Post[])[]): Post[] {
  return newestRevisions(lists.flat()).sort(newestFirst);
}

function newestFirst(a: Post, b: Post): number {
  return Date.parse(b.timestamp) - Date.parse(a.timestamp) || (a.id < b.id ? 1 : -1);
}

export const isFiltered = (view: View): boolean =>
  Object.values(view).some((value) => value !== null && value !== "");

export const NO_FILTER: View = {
  q: "",
  label: null,
  source: null,
  minScore: null,
  range: null,
  from: null,
  to: null,
};
