import {
  type Counts,
  LABELS,
  type Label,
  type Point,
  type Post,
  type Snapshot,
  type Update,
} from "../api/types";

/** Records for tests; only what a test is about is given. */

export const T0 = Date.parse("2026-03-01T12:00:00Z");

export function post(id: string, given: Partial<Post> = {}): Post {
  return {
    id,
    content: `content of ${id}`,
    source: "simulator",
    author: null,
    lang: null,
    url: null,
    revision: null,
    sentiment_label: "positive",
    sentiment_score: 0.9,
    scores: { positive: 0.9, neutral: 0.06, negative: 0.04 },
    model: "m1",
    posted_at: new Date(T0 - 2000).toISOString(),
    timestamp: new Date(T0).toISOString(),
    stream_id: `${T0 - 100}-0`,
    ...given,
  };
}

export function counts(positive: number, neutral: number, negative: number): Counts {
  const posts: Record<Label, number> = { positive, neutral, negative };
  const total = positive + neutral + negative;
  const by = (label: Label) => ({
    posts: posts[label],
    share: total ? posts[label] / total : 0,
    mean_score: posts[label] ? 0.8 : null,
  });
  return {
    ...(Object.fromEntries(LABELS.map((label) => [label, by(label)])) as Omit<Counts, "total">),
    total,
  };
}

/** A point `seconds` after T0. */
export function point(seconds: number, positive = 0, neutral = 0, negative = 0): Point {
  return { time: new Date(T0 + seconds * 1000).toISOString(), positive, neutral, negative };
}

export function snapshot(given: Partial<Snapshot> = {}): Snapshot {
  return {
    type: "snapshot",
    as_of: new Date(T0).toISOString(),
    cursor: "1",
    complete_until: null,
    counts: counts(1, 1, 1),
    series: { bucket_seconds: 5, points: [] },
    posts: [],
    removed: [],
    gap_filled: true,
    ...given,
  };
}

export function update(given: Partial<Update> = {}): Update {
  return {
    type: "update",
    as_of: new Date(T0 + 1000).toISOString(),
    cursor: "2",
    complete_until: null,
    counts: counts(2, 1, 1),
    points: [],
    posts: [],
    removed: [],
    posts_complete: true,
    new_posts: 1,
    posts_per_second: 10,
    ...given,
  };
}
