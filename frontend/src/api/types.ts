/** The wire contract's records, as the API's OpenAPI document names them. */

export const LABELS = ["positive", "neutral", "negative"] as const;
export type Label = (typeof LABELS)[number];

export interface Post {
  id: string;
  content: string;
  source: string;
  author: string | null;
  sentiment_label: Label;
  /** Probability of the label, 0 to 1. */
  sentiment_score: number;
  scores: Record<Label, number>;
  model: string;
  /** When its author wrote it. */
  posted_at: string;
  /** When it was processed. */
  timestamp: string;
  /** "<ms>-<seq>"; its milliseconds tell when it was written to the stream. */
  stream_id: string | null;
}

export interface PostDetail extends Post {
  read_at?: string | null;
  classified_at?: string | null;
}

export interface LabelCount {
  posts: number;
  share: number;
  mean_score: number | null;
}

export interface Counts extends Record<Label, LabelCount> {
  total: number;
}

/** Posts by label in the bucket that starts at `time`. */
export interface Point extends Record<Label, number> {
  time: string;
}

export interface Series {
  bucket_seconds: number;
  points: Point[];
}

export interface Stats {
  as_of: string;
  window: string | null;
  counts: Counts;
  net_sentiment: number | null;
}

export interface History extends Series {
  from: string;
  to: string;
}

export interface PostPage {
  posts: Post[];
  next: string | null;
}

export interface NewPost {
  content: string;
  source?: string;
  author?: string;
  id?: string;
  created_at?: string;
}

export interface Accepted {
  ids: string[];
}

export type WorkerState = "active" | "idle" | "stalled";

export interface Worker {
  name: string;
  state: WorkerState;
  pending: number;
  idle_seconds: number;
}

export interface Pipeline {
  as_of: string;
  stream: {
    length: number;
    lag: number | null;
    lag_known: boolean;
    pending: number;
    backlog: number;
    oldest_unprocessed_seconds: number | null;
  };
  rates: { ingested_per_second: number; processed_per_second: number };
  workers: Worker[];
  dead_letters: number;
  capacity_posts_per_second: number | null;
  broker: { used_memory_bytes: number; maxmemory_bytes: number | null };
}

export interface DeadLetter {
  dead_letter_id: string;
  reason: string;
  detail: string;
  attempts: number;
  original_stream: string;
  original_id: string;
  failed_at: string;
  fields: Record<string, string>;
}

export interface DeadLetterPage {
  dead_letters: DeadLetter[];
  next: string | null;
}

export interface ReplayedLetters {
  replayed: { dead_letter_id: string; entry_id: string }[];
  missing: string[];
}

export interface DeletedLetters {
  deleted: number;
}

export type Scope = "read" | "write" | "admin";

export interface Session {
  authentication_required: boolean;
  scopes: string[];
}
