import { describe, expect, it } from "vitest";
import { bucketFor, readRange, writeRange } from "./range";

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
