import { describe, expect, it } from "vitest";
import { post } from "../../testing/data";
import { newestRevisions, withEdits } from "./revision";

const created = post("a");
const first = post("a", { revision: "1", content: "edited", sentiment_label: "negative" });
const second = post("a", { revision: "2", content: "edited again" });

describe("newestRevisions", () => {
  it.each([[[created, first, second]], [[second, created, first]], [[first, second, created]]])(
    "is the newest one, in whatever order they come",
    (posts) => expect(newestRevisions([...posts, post("b")])).toEqual([second, post("b")]),
  );
});

describe("withEdits", () => {
  const negative = (edited: typeof created) => edited.sentiment_label === "negative";

  it("shows an edited post as it is now", () => {
    expect(withEdits([post("b"), created], [first], negative)).toEqual([post("b"), first]);
  });

  it("leaves out an edited post that does not belong there any more", () => {
    expect(withEdits([post("b"), first], [second], negative)).toEqual([post("b")]);
  });

  it("is the same list where nothing was edited", () => {
    const posts = [created];
    expect(withEdits(posts, [post("a")], negative)).toBe(posts);
  });
});
