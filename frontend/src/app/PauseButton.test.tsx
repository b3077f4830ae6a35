import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { counts, snapshot, update } from "../testing/data";
import { renderPage, stubApi } from "../testing/render";
import { TestSocket } from "../testing/socket";
import { PauseButton } from "./PauseButton";

const receive = (frame: object) => act(() => TestSocket.last.receive(frame));

it("counts what came while paused, also what no frame had as a post, and forgets it on resuming", async () => {
  stubApi({});
  vi.stubGlobal("WebSocket", TestSocket);
  renderPage(<PauseButton />);
  receive(snapshot({ counts: counts(10, 0, 0) }));
  await userEvent.click(screen.getByRole("button", { name: "Pause live updates" }));
  receive(update({ counts: counts(12, 0, 0), posts: [] }));
  // As after a reconnect.
  receive(snapshot({ counts: counts(15, 2, 0) }));
  await userEvent.click(await screen.findByRole("button", { name: "7 new: resume live updates" }));
  expect(screen.getByRole("button", { name: "Pause live updates" })).toBeInTheDocument();
});
