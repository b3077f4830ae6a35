import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { FEATURES } from "../features";
import { applause } from "../testing/applause";
import { snapshot, update } from "../testing/data";
import { renderPage, stubApi } from "../testing/render";
import { TestSocket } from "../testing/socket";
import { Pages } from "./Pages";
import { Shell } from "./Shell";

/** All that a new feature takes: its folder, and its name in the list. */
const WITH_APPLAUSE = [...FEATURES, applause];

const receive = (frame: object) => act(() => TestSocket.last.receive(frame));

describe("a feature added to the list", () => {
  beforeEach(() => {
    stubApi({});
    vi.stubGlobal("WebSocket", TestSocket);
  });

  it("follows the stream by its own channel, and shows it on the overview", async () => {
    renderPage(
      <Shell>
        <Pages />
      </Shell>,
      "/overview",
      WITH_APPLAUSE,
    );
    const panel = within(await screen.findByRole("region", { name: "Applause" }));
    expect(panel.getByText("Silence")).toBeInTheDocument();
    const asked = new URL(TestSocket.last.address).searchParams;
    expect([asked.get("applause"), asked.get("posts")]).toEqual(["true", "sample"]);

    receive({ ...snapshot(), claps: 2 });
    expect(await panel.findByText("2 claps")).toBeInTheDocument();
    receive({ ...update(), claps: 3 });
    expect(await panel.findByText("3 claps")).toBeInTheDocument();
    receive({ type: "heartbeat", as_of: "2026-03-01T12:00:06Z" });
    expect(panel.getByText("3 claps")).toBeInTheDocument();
  });

  it("has a page, which the navigation leads to", async () => {
    renderPage(
      <Shell>
        <Pages />
      </Shell>,
      "/try",
      WITH_APPLAUSE,
    );
    await userEvent.click(screen.getByRole("link", { name: "Applause" }));
    expect(await screen.findByRole("heading", { name: "Applause", level: 1 })).toBeInTheDocument();
  });
});

it("begins with the first feature's page", async () => {
  stubApi({});
  renderPage(<Pages />);
  expect(await screen.findByRole("heading", { name: "Overview", level: 1 })).toBeInTheDocument();
});
