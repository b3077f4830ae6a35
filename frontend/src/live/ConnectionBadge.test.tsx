import { act, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { renderPage, stubApi } from "../test-render";
import { ConnectionBadge } from "./ConnectionBadge";

class Socket {
  static last: Socket;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason?: string }) => void) | null = null;
  constructor() {
    Socket.last = this;
  }
  close() {}
}

const beat = () =>
  act(() => Socket.last.onmessage?.({ data: '{"type":"heartbeat","as_of":"2026-03-01T12:00:00Z"}' }));
const pass = (ms: number) => act(() => vi.advanceTimersByTime(ms));

describe("ConnectionBadge", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    stubApi({});
    vi.stubGlobal("WebSocket", Socket);
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
    act(() => Socket.last.onclose?.({ code: 1001 }));
    expect(screen.getByTestId("connection")).toHaveTextContent("Reconnecting");
    expect(screen.getByRole("status")).toHaveTextContent("Connection: Reconnecting");
  });

  it("says why the API refuses the page", () => {
    act(() => Socket.last.onclose?.({ code: 4003, reason: "pages of http://a may not connect" }));
    expect(screen.getByTestId("connection")).toHaveTextContent("Refusedpages of http://a may not connect");
  });

  it("opens another connection when one stays silent for too long", () => {
    beat();
    const silent = Socket.last;
    pass(25_000);
    expect(Socket.last).not.toBe(silent);
  });
});
