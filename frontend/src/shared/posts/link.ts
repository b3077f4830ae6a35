import type { Label } from "../../api/types";

interface Target {
  /** What to search for. */
  q?: string;
  label?: Label;
  /** ms */
  from?: number;
  to?: number;
  post?: string;
}

/** Address of the posts page with these filters. */
export function postsLink({ q, label, from, to, post }: Target): string {
  const search = new URLSearchParams();
  if (q) search.set("q", q);
  if (label) search.set("label", label);
  if (from !== undefined) search.set("from", new Date(from).toISOString());
  if (to !== undefined) search.set("to", new Date(to).toISOString());
  if (post) search.set("post", post);
  const text = search.toString();
  return text ? `/posts?${text}` : "/posts";
}
