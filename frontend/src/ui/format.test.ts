import { describe, expect, it } from "vitest";
import { bytes, confidence, duration, languageName, net, shortCount } from "./format";

describe("duration", () => {
  it.each([
    [0, "0 ms"],
    [0.08, "80 ms"],
    [1.23, "1.2 s"],
    [5, "5 s"],
    [59.6, "1 min"],
    [125, "2 min 5 s"],
    [7500, "2 h 5 min"],
    [90_000, "1 d 1 h"],
  ])("of %d s", (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});

it("never claims certainty", () => {
  expect(confidence(0.9999)).toBe("99%");
});

it("shortens counts only when they are long", () => {
  expect([shortCount(9999), shortCount(123_456)]).toEqual(["9,999", "123.5K"]);
});

it("signs net sentiment", () => {
  expect([net(0.123), net(-0.5), net(0), net(null)]).toEqual(["+12.3", "-50.0", "0.0", "–"]);
});

it("writes bytes in powers of a thousand", () => {
  expect([bytes(512), bytes(48_300_000)]).toEqual(["512 B", "48.3 MB"]);
});

it.each([
  ["en", "English"],
  ["pt-BR", "Brazilian Portuguese"],
  ["no language", "no language"],
])("names the language %s", (tag, name) => {
  expect(languageName(tag)).toBe(name);
});
