import { describe, expect, it } from "vitest";
import { bucketFor, readRange, writeRange } from "./range";
import { timeTicks } from "./ticks";

const read = (text: string) => readRange(new URLSearchParams(text));

describe("the range in the address", () => {
  it("reads what it wrote and leaves other parameters", () => {
    const custom = {
      kind: "custom",
      from: Date.parse("2026-01-01T00:00:00Z"),
      to: Date.parse("2026-01-02T00:00:00Z"),
    } as const;
    const search = writeRange(new URLSearchParams("range=7d&theme=x"), custom);
    expect(search.has("range")).toBe(false);
    expect(search.get("theme")).toBe("x");
    expect(readRange(search)).toEqual(custom);
    expect(readRange(writeRange(search, { kind: "recent", id: "24h" }))).toEqual({
      kind: "recent",
      id: "24h",
    });
  });

  it.each(["", "range=nonsense", "from=x&to=y", "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z"])(
    "falls back to a quarter of an hour for %o",
    (text) => {
      expect(read(text)).toEqual({ kind: "recent", id: "15m" });
    },
  );
});

describe("bucketFor", () => {
  it.each([
    [15 * 60, 5],
    [3 * 3600, 60],
    [2 * 86_400, 300],
    [30 * 86_400, 3600],
    [365 * 86_400, 86_400],
  ])("draws %d s in steps of %d s", (span, bucket) => {
    expect(bucketFor(span)).toBe(bucket);
  });
});

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
});
