import type { components, operations } from "./schema";

/** The API's records by short names; schema.d.ts is made from its OpenAPI document by `make generate`. */
type Schemas = components["schemas"];

export const LABELS = ["positive", "neutral", "negative"] as const satisfies readonly Schemas["Label"][];
export type Label = Schemas["Label"];

export type Post = Schemas["PostOut"];
/** A post as returned by its id; posts of the live stream lack the times of the processing steps. */
export type PostDetail = Post & Partial<Pick<Schemas["PostDetail"], "read_at" | "classified_at">>;
export type PostPage = Schemas["PostPage"];
/** Filter of posts: the parameters of /api/posts/search. */
export type PostQuery = NonNullable<operations["search_api_posts_search_get"]["parameters"]["query"]>;

export type Counts = Schemas["Counts"];
/** Posts by label in the bucket that starts at `time`. */
export type Point = Schemas["Point"];

export type Terms = Schemas["Terms"];

export type Pipeline = Schemas["PipelineStatus"];
export type Worker = Schemas["Worker"];
export type Source = Schemas["Source"];
export type SourceState = Schemas["SourceState"];
export type WorkerState = Schemas["WorkerState"];

export type DeadLetter = Schemas["DeadLetterOut"];
export type DeadLetterPage = Schemas["DeadLetterPage"];
export type Selection = Schemas["Selection"];

export type Scope = Schemas["Scope"];
export type Session = Schemas["Session"];

/** A frame of the WebSocket. */
export type Frame = Schemas["Frame"];
export type Snapshot = Schemas["Snapshot"];
export type Update = Schemas["Update"];
export type Heartbeat = Schemas["Heartbeat"];
/** The query parameters with which a client subscribes to channels. */
export type LiveQuery = NonNullable<operations["live_ws_sentiment_get"]["parameters"]["query"]>;
