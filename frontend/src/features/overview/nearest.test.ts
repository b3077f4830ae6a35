import { describe, expect, it } from "vitest";
import { nearest } from "./nearest";

const points = [
  { name: "a", x: 0, y: 0 },
  { name: "b", x: 10, y: 0 },
  { name: "c", x: 10, y: 6 },
];

describe("nearest", () => {
  it("is the closest of several in reach", () => {
    expect(nearest(points, 9, 2, 12)?.name).toBe("b");
    expect(nearest(points, 9, 4, 12)?.name).toBe("c");
  });

  it("is nothing out of reach or without points", () => {
    expect(nearest(points, 10, 19, 12)).toBeNull();
    expect(nearest([], 0, 0, 12)).toBeNull();
  });
});
