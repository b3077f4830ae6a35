// @vitest-environment node
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket as NodeSocket, type WebSocket as ServerSocket, WebSocketServer } from "ws";
import type { Frame } from "../api/types";
import { snapshot, update } from "../testing/data";
import { backoff, type Link, LiveSocket } from "./socket";

let server: WebSocketServer;
let live: LiveSocket;
let links: Link[];
let frames: Frame[];
let bearer: string | null;

const state = () => links.at(-1)?.state;
const send = (socket: ServerSocket, frame: Frame) => socket.send(JSON.stringify(frame));

function connection(): Promise<{ socket: ServerSocket; url: string; protocols: string }> {
  return new Promise((resolve) => {
    server.once("connection", (socket, request) =>
      resolve({ socket, url: request.url ?? "", protocols: request.headers["sec-websocket-protocol"] ?? "" }),
    );
  });
}

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await new Promise((resolve) => server.once("listening", resolve));
  links = [];
  frames = [];
  bearer = null;
  const { port } = server.address() as AddressInfo;
  live = new LiveSocket({
    address: (cursor) => `ws://127.0.0.1:${port}/ws/sentiment?since=${cursor ?? ""}`,
    token: () => bearer,
    cursor: () => frames.findLast((frame) => "cursor" in frame)?.cursor ?? null,
    onFrame: (frame) => frames.push(frame),
    onLink: (link) => links.push(link),
    open: (url, protocols) => {
      const socket = new NodeSocket(url, protocols);
      // A browser's socket that is closed while it opens makes no fuss either.
      socket.on("error", () => {});
      return socket as unknown as WebSocket;
    },
  });
});

afterEach(async () => {
  live.stop();
  for (const client of server.clients) client.terminate();
  await new Promise((resolve) => server.close(resolve));
});

describe("LiveSocket", () => {
  it("speaks its subprotocol, passes the token beside it, and is live with the first frame", async () => {
    bearer = "secret";
    const accepted = connection();
    live.start();
    const { socket, protocols } = await accepted;
    expect(protocols.split(/, ?/)).toEqual(["sentistream.v1", "bearer.secret"]);
    expect(state()).toBe("connecting");
    send(socket, snapshot());
    await vi.waitFor(() => expect(state()).toBe("live"));
  });

  it("comes back by itself after a server goes away, with its cursor", async () => {
    const first = connection();
    live.start();
    const { socket } = await first;
    send(socket, snapshot({ cursor: "7" }));
    send(socket, update({ cursor: "8" }));
    await vi.waitFor(() => expect(frames).toHaveLength(2));
    const second = connection();
    socket.close(1001);
    await vi.waitFor(() => expect(state()).toBe("reconnecting"));
    expect((await second).url).toContain("since=8");
  });

  it("does not knock again with a refused token until it is told to", async () => {
    const accepted = connection();
    live.start();
    (await accepted).socket.close(4001);
    await vi.waitFor(() => expect(state()).toBe("unauthorised"));
    expect(links.at(-1)?.retryAt).toBeNull();
    const again = connection();
    live.restart();
    await again;
  });

  it.each([4000, 4003])("tells why the API refuses it (%i), and knocks seldom", async (code) => {
    const accepted = connection();
    live.start();
    (await accepted).socket.close(code, "pages of http://elsewhere may not connect");
    await vi.waitFor(() => expect(state()).toBe("refused"));
    expect(links.at(-1)?.reason).toBe("pages of http://elsewhere may not connect");
    expect((links.at(-1)?.retryAt ?? 0) - Date.now()).toBeGreaterThan(10_000);
    const again = connection();
    live.restart();
    await again;
  });

  it("ignores frames of kinds that it does not know", async () => {
    const accepted = connection();
    live.start();
    const { socket } = await accepted;
    socket.send(JSON.stringify({ type: "from-the-future" }));
    send(socket, snapshot());
    await vi.waitFor(() => expect(frames.map((frame) => frame.type)).toEqual(["snapshot"]));
  });
});

describe("backoff", () => {
  it("doubles up to half a minute, spread over half of it", () => {
    expect([0, 1, 2, 20].map((attempt) => backoff(attempt, 500, () => 1))).toEqual([500, 1000, 2000, 30_000]);
    expect(backoff(20, 500, () => 0)).toBe(15_000);
  });
});
