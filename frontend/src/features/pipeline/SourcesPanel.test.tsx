import { render, screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Source } from "../../api/types";
import { SourcesPanel } from "./SourcesPanel";

const bluesky: Source = {
  name: "bluesky",
  reads: "bluesky:v2:jetstream.example",
  state: "reading",
  posts_per_second: 18.5,
  late_seconds: 0.8,
  languages: [
    { lang: "en", posts: 60, passed_on: true },
    { lang: "ja", posts: 30, passed_on: false },
    { lang: "pt", posts: 6, passed_on: false },
    { lang: "de", posts: 4, passed_on: false },
  ],
  standing_by: 1,
};

it("has a row for each source, with what is left out struck through", () => {
  const late: Source = {
    ...bluesky,
    name: "feed",
    reads: "feed:1",
    state: "late",
    languages: [],
    late_seconds: 400,
  };
  const simulated: Source = {
    ...bluesky,
    name: "simulate",
    reads: "simulate",
    late_seconds: null,
    languages: [],
  };
  render(<SourcesPanel sources={[bluesky, late, simulated]} />);
  const [, first, second, third] = screen.getAllByRole("row");
  expect(first).toHaveTextContent("bluesky");
  expect(first).toHaveTextContent("English 60.0%");
  expect(
    within(first as HTMLElement)
      .getAllByTitle("Left out")
      .map((each) => each.textContent),
  ).toEqual(["Japanese", "Portuguese"]);
  expect(first).toHaveTextContent("and others");
  expect(second).toHaveTextContent("Late");
  expect(second).toHaveTextContent("6 min 40 s");
  expect(third).toHaveTextContent("–");
});

it("says so when no ingester runs", () => {
  render(<SourcesPanel sources={[]} />);
  expect(screen.getByText("No ingester runs")).toBeInTheDocument();
});
