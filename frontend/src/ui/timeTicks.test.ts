import { describe, expect, it } from "vitest";
import { timeTicks } from "./timeTicks";

describe("timeTicks", () => {
  it.each([60_000, 900_000, 3_600_000, 86_400_000, 30 * 86_400_000])(
    "has few, even ticks over %d ms",
    (span) => {
      const from = Date.parse("2026-03-01T12:34:56Z");
      const { ticks } = timeTicks(from, from + span);
      expect(ticks.length).toBeLessThanOrEqual(8);
      expect(ticks.every((tick) => tick >= from && tick <= from + span)).toBe(true);
      expect(new Set(ticks.slice(1).map((tick, at) => tick - (ticks[at] ?? 0))).size).toBeLessThanOrEqual(1);
    },
  );

  it("has ticks of its own for seconds, none written twice", () => {
    const { ticks, format } = timeTicks(1_000_400, 1_003_400);
    expect(ticks).toEqual([1_001_000, 1_002_000, 1_003_000]);
    expect(new Set(ticks.map(format)).size).toBe(3);
  });
});
