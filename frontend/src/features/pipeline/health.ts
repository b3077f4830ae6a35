import type { Pipeline } from "../../api/types";
import { duration, shortCount } from "../../ui/format";

export type Tone = "good" | "warn" | "bad";

export interface Health {
  tone: Tone;
  title: string;
  detail: string;
}

/** Posts that wait longer than this are late: the promise is "within a second", this leaves it some room. */
const LATE_SECONDS = 5;

/** Whether the workers keep up, in one sentence. */
export function healthOf({ stream, rates, workers, capacity_posts_per_second: capacity }: Pipeline): Health {
  const oldest = stream.oldest_unprocessed_seconds ?? 0;
  const working = workers.filter((worker) => worker.state !== "stalled").length;
  const waiting = `${shortCount(stream.backlog)} posts wait`;
  const stalled = workers.length - working;

  if (working === 0 && stream.backlog > 0) {
    return {
      tone: "bad",
      title: "Nothing is being classified",
      detail: `${waiting} and no worker is working.`,
    };
  }
  if (oldest > LATE_SECONDS) {
    const spare = (capacity ?? rates.processed_per_second) - rates.ingested_per_second;
    const drain =
      spare > 0
        ? `At this pace they are done in about ${duration(Math.max(1, Math.round(stream.backlog / spare)))}.`
        : "Posts arrive faster than the workers classify them. Add workers.";
    return {
      tone: spare > 0 ? "warn" : "bad",
      title: spare > 0 ? "Catching up" : "Falling behind",
      detail: `${waiting}, the oldest for ${duration(oldest)}. ${drain}`,
    };
  }
  if (stalled > 0) {
    return {
      tone: "warn",
      title: "Keeping up, with a stalled worker",
      detail: `${stalled} of ${workers.length} workers stalled; the others take over their posts.`,
    };
  }
  return {
    tone: "good",
    title: "Keeping up",
    detail: stream.backlog === 0 ? "Nothing waits." : `${waiting}, the oldest for ${duration(oldest)}.`,
  };
}
