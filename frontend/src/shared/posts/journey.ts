import type { PostDetail } from "../../api/types";

export interface Stop {
  name: string;
  /** ms; null where nothing is known of it. */
  at: number | null;
  /** Seconds since the stop before that is known. */
  after: number | null;
}

/** When a post was written, entered the stream, was read, classified and stored. */
export function journey(post: PostDetail): Stop[] {
  const times: [string, number | null][] = [
    ["Written by its author", parse(post.posted_at)],
    ["Entered the stream", streamTime(post.stream_id)],
    ["Read by a worker", parse(post.read_at)],
    ["Classified", parse(post.classified_at)],
    ["Stored", parse(post.timestamp)],
  ];
  let before: number | null = null;
  return times.map(([name, at]) => {
    const after = at === null || before === null ? null : (at - before) / 1000;
    if (at !== null) before = at;
    return { name, at, after };
  });
}

/** From the stream to the database, in seconds. */
export function timeInPipeline(post: PostDetail): number | null {
  const entered = streamTime(post.stream_id);
  return entered === null ? null : Math.max(0, (Date.parse(post.timestamp) - entered) / 1000);
}

function parse(text: string | null | undefined): number | null {
  const time = Date.parse(text ?? "");
  return Number.isFinite(time) ? time : null;
}

/** A stream entry's id begins with the milliseconds at which it was written. */
function streamTime(id: string): number | null {
  const time = Number(id.split("-")[0]);
  return Number.isFinite(time) && time > 0 ? time : null;
}
