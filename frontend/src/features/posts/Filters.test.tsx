import { act, screen, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { post, snapshot } from "../../testing/data";
import { json, renderPage, stubApi } from "../../testing/render";
import { TestSocket } from "../../testing/socket";
import { Filters } from "./Filters";
import { NO_FILTER } from "./filter";

const offered = () =>
  within(screen.getByRole("combobox", { name: "Source" }))
    .getAllByRole("option")
    .map((option) => option.textContent);

it("offers the sources that there are, the chosen one among them", async () => {
  stubApi({ "GET /api/posts/sources": () => json({ sources: ["dashboard", "simulator"] }) });
  vi.stubGlobal("WebSocket", TestSocket);
  renderPage(<Filters view={{ ...NO_FILTER, source: "forum" }} onChange={() => {}} />);
  expect(offered()).toEqual(["Any source", "forum"]);
  expect(await screen.findByRole("option", { name: "dashboard" })).toBeInTheDocument();
  act(() => TestSocket.last.receive(snapshot({ posts: [post("a", { source: "bluesky" })] })));
  expect(await screen.findByRole("option", { name: "bluesky" })).toBeInTheDocument();
  expect(offered()).toEqual(["Any source", "bluesky", "dashboard", "forum", "simulator"]);
});
