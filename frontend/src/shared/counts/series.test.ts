import { describe, expect, it } from "vitest";
import { point, T0 } from "../../testing/data";
import { appendPoints, fillGaps, netSentiment, sum } from "./series";

const MINUTE = 60_000;

describe("fillGaps", () => {
  it("has every bucket once, those without a point as zeros", () => {
    const buckets = fillGaps([point(5, 3)], T0, T0 + 15_000, 5);
    expect(buckets.map(({ start, positive }) => [start - T0, positive])).toEqual([
      [0, 0],
      [5000, 3],
      [10_000, 0],
    ]);
  });
});

describe("appendPoints", () => {
  const history = fillGaps([point(0, 10), point(60, 20)], T0, T0 + 2 * MINUTE, 60);

  it("continues the history without counting a post twice or losing one", () => {
    const live = [point(60, 20), point(120, 1), point(125, 2), point(180, 4)];
    const joined = appendPoints(history, live, T0 + 2 * MINUTE, T0 + 3 * MINUTE + 5000, 60);
    expect(joined.map(({ positive }) => positive)).toEqual([10, 20, 3, 4]);
    expect(sum(joined).total).toBe(37);
  });

  it("adds to the bucket that the cutoff divides", () => {
    const hour = [{ start: T0, positive: 30, neutral: 0, negative: 0 }];
    const joined = appendPoints(hour, [point(60, 20), point(120, 5)], T0 + 2 * MINUTE, T0 + 3 * MINUTE, 3600);
    expect(joined).toEqual([{ start: T0, positive: 35, neutral: 0, negative: 0 }]);
  });

  it("leaves the history it was given alone", () => {
    const before = structuredClone(history);
    appendPoints(history, [point(60, 9)], T0 + MINUTE, T0 + 2 * MINUTE, 60);
    expect(history).toEqual(before);
  });
});

describe("netSentiment", () => {
  it.each([
    [{ positive: 3, neutral: 0, negative: 1 }, 0.5],
    [{ positive: 0, neutral: 0, negative: 2 }, -1],
    [{ positive: 0, neutral: 0, negative: 0 }, null],
  ])("of %o is %o", (totals, expected) => {
    expect(netSentiment(totals)).toBe(expected);
  });
});
