import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { token } from "../api/token";
import { usePipeline } from "../features/pipeline/usePipeline";
import { ConnectionBadge } from "../live/ConnectionBadge";
import { json, problem, renderPage, stubApi } from "../testing/render";
import { TestSocket } from "../testing/socket";
import { SessionGate } from "./SessionGate";

const gate = (
  <SessionGate>
    <p>the dashboard</p>
  </SessionGate>
);

function Asks() {
  const { refetch } = usePipeline();
  return (
    <button type="button" onClick={() => void refetch()}>
      ask
    </button>
  );
}

afterEach(() => token.set(null));

describe("SessionGate", () => {
  it("lets everyone in where no token is asked for", async () => {
    stubApi({ "GET /api/session": () => json({ authentication_required: false, scopes: [] }) });
    renderPage(gate);
    expect(await screen.findByText("the dashboard")).toBeInTheDocument();
  });

  it("lets everyone in where the API knows no sessions", async () => {
    stubApi({});
    renderPage(gate);
    expect(await screen.findByText("the dashboard")).toBeInTheDocument();
  });

  it("asks for a token, says when it is refused, and opens with a good one", async () => {
    stubApi({});
    vi.stubGlobal("fetch", async ({ headers }: Request) => {
      if (headers.get("Authorization") === "Bearer good") {
        return json({ authentication_required: true, scopes: ["read"] });
      }
      return headers.has("Authorization")
        ? problem(401, "Unauthorised")
        : json({ authentication_required: true, scopes: [] });
    });
    renderPage(gate);
    const field = await screen.findByLabelText("Access token");
    await userEvent.type(field, "bad{Enter}");
    expect(await screen.findByText(/This token was refused/)).toBeInTheDocument();
    await userEvent.clear(screen.getByLabelText("Access token"));
    await userEvent.type(screen.getByLabelText("Access token"), "Bearer good{Enter}");
    expect(await screen.findByText("the dashboard")).toBeInTheDocument();
  });

  it("asks again when the token runs out while the dashboard is open", async () => {
    token.set("short-lived");
    let valid = true;
    stubApi({
      "GET /api/session": () =>
        valid ? json({ authentication_required: true, scopes: ["read"] }) : problem(401, "Unauthorised"),
      "GET /api/pipeline": () => problem(401, "Unauthorised"),
    });
    renderPage(
      <SessionGate>
        <Asks />
      </SessionGate>,
    );
    const ask = await screen.findByRole("button", { name: "ask" });
    valid = false;
    await userEvent.click(ask);
    expect(await screen.findByText(/This token was refused/)).toBeInTheDocument();
  });

  it("asks again when the live connection ends with its token", async () => {
    token.set("short-lived");
    let valid = true;
    stubApi({
      "GET /api/session": () =>
        valid ? json({ authentication_required: true, scopes: ["read"] }) : problem(401, "Unauthorised"),
    });
    vi.stubGlobal("WebSocket", TestSocket);
    renderPage(
      <SessionGate>
        <ConnectionBadge />
      </SessionGate>,
    );
    expect(await screen.findByTestId("connection")).toBeInTheDocument();
    valid = false;
    act(() => TestSocket.last.onclose?.({ code: 4001, reason: "The token has expired." }));
    expect(await screen.findByText(/This token was refused: it may have expired/)).toBeInTheDocument();
  });
});
