import { describe, expect, it } from "vitest";
import { T0 } from "../../testing/data";
import { incompleteFrom } from "./incomplete";

const MINUTE = 60_000;
const earlier = (ms: number) => new Date(T0 - ms).toISOString();

describe("incompleteFrom", () => {
  it.each([
    ["nothing waits", null, T0, null],
    ["a post is in work", earlier(500), T0, null],
    ["a post waits", earlier(2 * MINUTE), T0, T0 - 2 * MINUTE],
    ["what waits is of a later time than what is shown", earlier(2 * MINUTE), T0 - 3 * MINUTE, null],
  ])("%s", (_, completeUntil, to, expected) => {
    expect(incompleteFrom(completeUntil, T0, to)).toBe(expected);
  });
});
