import { describe, expect, it } from "vitest";
import type { Pipeline, Worker } from "../../api/types";
import { healthOf } from "./health";

const worker = (state: Worker["state"]): Worker => ({
  name: state,
  state,
  pending: 0,
  idle_seconds: 0,
  posts_per_second: 0,
});

function pipeline(backlog: number, oldest: number | null, ingested: number, workers: Worker[]): Pipeline {
  return {
    as_of: "2026-03-01T12:00:00Z",
    stream: {
      length: 1000,
      lag: backlog,
      lag_known: true,
      pending: 0,
      backlog,
      oldest_unprocessed_seconds: oldest,
      complete_until: null,
    },
    rates: { ingested_per_second: ingested, processed_per_second: 400 },
    workers,
    sources: [],
    dead_letters: 0,
    capacity_posts_per_second: 500,
    broker: { used_memory_bytes: 1, maxmemory_bytes: null },
  };
}

describe("healthOf", () => {
  it.each([
    ["Keeping up", pipeline(40, 0.2, 300, [worker("active")])],
    ["Keeping up, with a stalled worker", pipeline(40, 0.2, 300, [worker("active"), worker("stalled")])],
    ["Catching up", pipeline(4000, 20, 300, [worker("active")])],
    ["Falling behind", pipeline(4000, 20, 700, [worker("active")])],
    ["Nothing is being classified", pipeline(4000, 20, 300, [])],
    ["Nothing is being classified", pipeline(4000, 20, 300, [worker("stalled")])],
  ])("is %o", (title, state) => {
    expect(healthOf(state).title).toBe(title);
  });

  it("estimates when a backlog is done from what the workers have to spare", () => {
    expect(healthOf(pipeline(4000, 20, 300, [worker("active")])).detail).toContain("about 20 s");
  });
});
