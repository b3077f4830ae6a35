import { describe, expect, it } from "vitest";
import { post, T0 } from "../../testing/data";
import { journey, timeInPipeline } from "./journey";

describe("journey", () => {
  it("tells each stop and the time since the one before", () => {
    const detail = {
      ...post("a"),
      read_at: new Date(T0 - 60).toISOString(),
      classified_at: new Date(T0 - 20).toISOString(),
    };
    expect(journey(detail).map(({ after }) => after)).toEqual([null, 1.9, 0.04, 0.04, 0.02]);
    expect(timeInPipeline(detail)).toBe(0.1);
  });

  it("bridges stops of which nothing is known", () => {
    const stops = journey(post("a"));
    expect(stops.map(({ at }) => at !== null)).toEqual([true, true, false, false, true]);
    expect(stops.at(-1)?.after).toBe(0.1);
  });

  it("claims no time for a post without a stream entry", () => {
    expect(timeInPipeline(post("a", { stream_id: "" }))).toBeNull();
  });
});
