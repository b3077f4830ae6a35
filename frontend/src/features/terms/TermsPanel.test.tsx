import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { Terms } from "../../api/types";
import { json, problem, renderPage, stubApi } from "../../testing/render";
import { TermsPanel } from "./TermsPanel";

function answer(given: Partial<Terms> = {}): Terms {
  return {
    from: "2026-05-04T03:00:00Z",
    to: "2026-05-04T04:00:00Z",
    against: "previous",
    posts: 1200,
    against_posts: 1150,
    complete: true,
    terms: [
      {
        term: "new brakes",
        kind: "pair",
        search: '"new brakes"',
        posts: 84,
        against_posts: 7,
        times: 11.5,
        z: 8.1,
        example: "0197b2a4-6d1c-7c3e-9a55-0c2f6f3f0a11",
      },
    ],
    ...given,
  };
}

function show(terms: Terms, path = "/overview") {
  const asked: URLSearchParams[] = [];
  stubApi({
    "GET /api/terms": ({ query }) => {
      asked.push(query);
      return json(terms);
    },
  });
  renderPage(<TermsPanel />, path);
  return asked;
}

describe("TermsPanel", () => {
  it("leads from a term to its posts and to an example", async () => {
    show(answer());
    const posts = new URL((await screen.findByRole<HTMLAnchorElement>("link", { name: "new brakes" })).href);
    expect(posts.pathname).toBe("/posts");
    expect(Object.fromEntries(posts.searchParams)).toEqual({
      q: '"new brakes"',
      from: "2026-05-04T03:00:00.000Z",
      to: "2026-05-04T04:00:00.000Z",
    });
    expect(screen.getByText("12× as often")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "An example of new brakes" })).toHaveAttribute(
      "href",
      "/posts?post=0197b2a4-6d1c-7c3e-9a55-0c2f6f3f0a11",
    );
  });

  it("asks for the time of the page, the label and the comparison that are chosen", async () => {
    const asked = show(answer(), "/overview?from=2026-05-04T03:00:00Z&to=2026-05-04T04:00:00Z");
    await screen.findByText("new brakes");
    await userEvent.selectOptions(screen.getByLabelText("Posts to look at"), "negative posts");
    await userEvent.selectOptions(screen.getByLabelText("Posts to compare with"), "against all posts");
    await expect.poll(() => asked.length).toBe(3);
    expect(Object.fromEntries(asked[2] ?? [])).toEqual({
      from: "2026-05-04T03:00:00.000Z",
      to: "2026-05-04T04:00:00.000Z",
      label: "negative",
      against: "all",
      limit: "12",
    });
  });

  it("offers no day before for a time of several days", async () => {
    show(answer(), "/overview?range=7d");
    const against = within(screen.getByLabelText("Posts to compare with"));
    expect(against.getAllByRole("option").map(({ textContent }) => textContent)).toEqual([
      "against the time before",
    ]);
    await screen.findByText("new brakes");
  });

  it.each([
    [{ posts: 0, terms: [] }, "No posts in this time"],
    [{ against_posts: 0, terms: [] }, "Nothing to compare with"],
    [{ terms: [] }, "Nothing stands out"],
    [{ complete: false }, /samples, spread evenly over the time/],
  ])("says so: %o", async (given, words) => {
    show(answer(given));
    expect(await screen.findByText(words)).toBeInTheDocument();
  });

  it("says that it failed, and offers to try again", async () => {
    stubApi({ "GET /api/terms": () => problem(503, "Service Unavailable", "The query took too long.") });
    renderPage(<TermsPanel />);
    expect(await screen.findByRole("button", { name: /again|retry/i })).toBeInTheDocument();
  });
});
