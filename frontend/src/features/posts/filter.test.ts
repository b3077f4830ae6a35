import { describe, expect, it } from "vitest";
import { post, T0 } from "../../testing/data";
import { canBeLive, matches, mergeNewestFirst, NO_FILTER, readView, toFilter, writeView } from "./filter";

describe("the view in the address", () => {
  it("survives the way through it", () => {
    const view = {
      ...NO_FILTER,
      q: "late trains",
      label: "negative",
      source: "bluesky",
      minScore: 0.7,
      range: "24h",
    } as const;
    expect(readView(writeView(new URLSearchParams(), view))).toEqual(view);
  });

  it("drops what makes no sense", () => {
    expect(readView(new URLSearchParams("label=angry&min_score=7&range=2y&from=yesterday"))).toEqual(
      NO_FILTER,
    );
  });

  it("keeps the open post when filters change", () => {
    expect(writeView(new URLSearchParams("post=1&label=positive"), { label: null }).toString()).toBe(
      "post=1",
    );
  });
});

describe("toFilter", () => {
  it("turns a span that ends now into its beginning", () => {
    expect(toFilter({ ...NO_FILTER, range: "1h" }, T0).from).toBe(new Date(T0 - 3_600_000).toISOString());
  });
});

describe("a live view", () => {
  it("is one that new posts can belong to", () => {
    expect(canBeLive({ ...NO_FILTER, label: "negative", range: "1h" })).toBe(true);
    expect(canBeLive({ ...NO_FILTER, q: "x" })).toBe(false);
    expect(canBeLive({ ...NO_FILTER, to: new Date(T0).toISOString() })).toBe(false);
  });

  it("takes only the posts that match all filters", () => {
    const view = { ...NO_FILTER, label: "positive", source: "api", minScore: 0.8 } as const;
    expect(matches(view, post("a", { source: "api" }))).toBe(true);
    expect(matches(view, post("a"))).toBe(false);
    expect(matches(view, post("a", { source: "api", sentiment_score: 0.7 }))).toBe(false);
    expect(matches(view, post("a", { source: "api", sentiment_label: "negative" }))).toBe(false);
  });
});

describe("mergeNewestFirst", () => {
  it("has each post once, newest first", () => {
    const at = (seconds: number) => ({ timestamp: new Date(T0 + seconds * 1000).toISOString() });
    const merged = mergeNewestFirst(
      [post("c", at(3)), post("b", at(2))],
      [post("b", at(2)), post("a", at(1))],
    );
    expect(merged.map(({ id }) => id)).toEqual(["c", "b", "a"]);
  });
});
