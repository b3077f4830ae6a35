import { act, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { renderPage, stubApi } from "../testing/render";
import { TestSocket } from "../testing/socket";
import { ConnectionBadge } from "./ConnectionBadge";

const beat = () =>
  act(() => TestSocket.last.onmessage?.({ data: '{"type":"heartbeat","as_of":"2026-03-01T12:00:00Z"}' }));
const pass = (ms: number) => act(() => vi.advanceTimersByTime(ms));

describe("ConnectionBadge", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    stubApi({});
    vi.stubGlobal("WebSocket", TestSocket);
    renderPage(<ConnectionBadge />);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is live as long as frames come, and stale with its age when they stop", () => {
    expect(screen.getByTestId("connection")).toHaveTextContent("Connecting");
    beat();
    pass(1000);
    expect(screen.getByTestId("connection")).toHaveTextContent("Live");
    pass(12_000);
    expect(screen.getByTestId("connection")).toHaveTextContent(/Stalelast event 1[23] s ago/);
    beat();
    pass(1000);
    expect(screen.getByTestId("connection")).toHaveTextContent("Live");
  });

  it("says that it reconnects when the connection breaks", () => {
    beat();
    act(() => TestSocket.last.onclose?.({ code: 1001 }));
    expect(screen.getByTestId("connection")).toHaveTextContent("Reconnecting");
    expect(screen.getByRole("status")).toHaveTextContent("Connection: Reconnecting");
  });

  it("says why the API refuses the page", () => {
    act(() => TestSocket.last.onclose?.({ code: 4003, reason: "pages of http://a may not connect" }));
    expect(screen.getByTestId("connection")).toHaveTextContent("Refusedpages of http://a may not connect");
  });

  it("opens another connection when one stays silent for too long", () => {
    beat();
    const silent = TestSocket.last;
    pass(25_000);
    expect(TestSocket.last).not.toBe(silent);
  });
});
