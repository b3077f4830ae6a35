import { act, screen } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { renderPage, stubApi } from "../../testing/render";
import { TestSocket } from "../../testing/socket";
import { NewestPosts } from "./NewestPosts";

describe("NewestPosts", () => {
  beforeEach(() => {
    stubApi({});
    vi.stubGlobal("WebSocket", TestSocket);
    renderPage(<NewestPosts />);
  });

  it.each([
    ["the API refuses the page", 4003],
    ["the connection cannot be made", 1006],
  ])("says that nothing live comes when %s, and leads to the stored posts", (_, code) => {
    expect(screen.queryByText("No live connection")).not.toBeInTheDocument();
    act(() => TestSocket.last.onclose?.({ code }));
    expect(screen.getByText("No live connection")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "All posts" })).toHaveAttribute("href", "/posts");
  });
});
