import { describe, expect, it } from "vitest";
import { sliceAt } from "./slice";

const totals = { positive: 50, neutral: 25, negative: 25, total: 100 };
const at = (x: number, y: number) => sliceAt(totals, x, y, 56, 86);

describe("sliceAt", () => {
  it("goes clockwise from the top", () => {
    expect([at(1, -70), at(70, 0), at(-1, 70), at(-70, 1), at(-1, -70)]).toEqual([
      "positive",
      "positive",
      "neutral",
      "neutral",
      "negative",
    ]);
  });

  it("is nothing in the hole, outside, and of nothing", () => {
    expect([at(0, 10), at(90, 0), sliceAt({ ...totals, total: 0 }, 70, 0, 56, 86)]).toEqual([
      null,
      null,
      null,
    ]);
  });
});
