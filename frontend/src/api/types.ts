import type { components, operations } from "./schema";

/** The API's records by short names; schema.d.ts is made from its OpenAPI document by `make generate`. */
type Schemas = components["schemas"];

export const LABELS = ["positive", "neutral", "negative"] as const satisfies readonly Schemas["Label"][];
export type Label = Schemas["Label"];

export type Post = Schemas["PostOut"];
/** A post as one asks for it by its id; from the live stream the times in between are not known. */
export type PostDetail = Post & Partial<Pick<Schemas["PostDetail"], "read_at" | "classified_at">>;
export type PostPage = Schemas["PostPage"];
/** Which posts, as /api/posts/search takes it. */
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

/** What comes over the WebSocket. */
export type Frame = Schemas["Frame"];
export type Snapshot = Schemas["Snapshot"];
export type Update = Schemas["Update"];
export type Heartbeat = Schemas["Heartbeat"];
/** How a client says what it wants of the channels. */
export type LiveQuery = NonNullable<operations["live_ws_sentiment_get"]["parameters"]["query"]>;
