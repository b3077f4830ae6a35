import type { components } from "./schema";

/** The API's records by short names; schema.d.ts is made from its OpenAPI document by `make generate`. */
type Schemas = components["schemas"];

export const LABELS = ["positive", "neutral", "negative"] as const satisfies readonly Schemas["Label"][];
export type Label = Schemas["Label"];

export type Post = Schemas["PostOut"];
/** A post as one asks for it by its id; from the live stream the times in between are not known. */
export type PostDetail = Post & Partial<Pick<Schemas["PostDetail"], "read_at" | "classified_at">>;
export type PostPage = Schemas["PostPage"];
export type NewPost = Pick<Schemas["NewPost"], "content"> & Partial<Schemas["NewPost"]>;
export type Accepted = Schemas["Accepted"];

export type Counts = Schemas["Counts"];
/** Posts by label in the bucket that starts at `time`. */
export type Point = Schemas["Point"];
export type Series = Pick<Schemas["History"], "bucket_seconds" | "points">;
export type Stats = Schemas["Stats"];
export type History = Schemas["History"];

export type Pipeline = Schemas["Pipeline"];
export type Worker = Schemas["Worker"];
export type WorkerState = Schemas["WorkerState"];

export type DeadLetter = Schemas["DeadLetterOut"];
export type DeadLetterPage = Schemas["DeadLetterPage"];
export type ReplayedLetters = Schemas["ReplayedLetters"];
export type DeletedLetters = Schemas["DeletedLetters"];

export type Scope = "read" | "write" | "admin";

export interface Session {
  authentication_required: boolean;
  scopes: string[];
}
