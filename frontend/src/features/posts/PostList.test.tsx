import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { useLiveControls } from "../../live/LiveProvider";
import { post, snapshot, update } from "../../testing/data";
import { json, renderPage, stubApi } from "../../testing/render";
import { TestSocket } from "../../testing/socket";
import { NO_FILTER } from "./filter";
import { PostList } from "./PostList";

it("says that a search was ended early, and goes on where it was", async () => {
  const pages = [
    { posts: [], next: "older", complete: false },
    { posts: [post("rare")], next: null, complete: true },
  ];
  stubApi({ "GET /api/posts/search": () => json(pages.shift()) });
  vi.stubGlobal("WebSocket", TestSocket);
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      observe() {}
      disconnect() {}
    },
  );
  renderPage(<PostList view={{ ...NO_FILTER, q: "marmalade" }} onOpen={() => {}} onClear={() => {}} />);
  const goOn = await screen.findByRole("button", { name: "Search older posts" });
  expect(screen.queryByText("No posts match")).not.toBeInTheDocument();
  await userEvent.click(goOn);
  expect(await screen.findByText("content of rare")).toBeInTheDocument();
});

function Pause() {
  const { pause } = useLiveControls();
  return (
    <button type="button" onClick={pause}>
      Pause
    </button>
  );
}

it("forgets a post that was removed, also while it is paused", async () => {
  stubApi({ "GET /api/posts/recent": () => json({ posts: [], next: null, complete: true }) });
  vi.stubGlobal("WebSocket", TestSocket);
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      observe() {}
      disconnect() {}
    },
  );
  renderPage(
    <>
      <Pause />
      <PostList view={NO_FILTER} onOpen={() => {}} onClear={() => {}} />
    </>,
  );
  act(() => TestSocket.last.receive(snapshot({ posts: [post("gone"), post("stays")] })));
  expect(await screen.findByText("content of gone")).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Pause" }));
  act(() => TestSocket.last.receive(update({ removed: ["gone"] })));
  await waitFor(() => expect(screen.queryByText("content of gone")).not.toBeInTheDocument());
  expect(screen.getByText("content of stays")).toBeInTheDocument();
});
