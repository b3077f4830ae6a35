#!/usr/bin/env node
/**
 * A stand-in for the API: the whole wire contract over made-up posts, and the built dashboard under
 * the Content-Security-Policy that nginx sends. For developing; nothing ships with it.
 */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { parseArgs } from "node:util";
import { WebSocketServer } from "ws";
import { fakePost } from "./fake-posts.mjs";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8000" },
    rate: { type: "string", default: "40" },
    token: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log("fake-server.mjs [--port 8000] [--rate POSTS_PER_SECOND] [--token TOKEN_TO_ASK_FOR]");
  process.exit(0);
}
const rate = Number(values.rate);
const DIST = new URL("../dist/", import.meta.url).pathname;
const LABELS = ["positive", "neutral", "negative"];
const BUCKETS = { "5s": 5, "1m": 60, "5m": 300, "1h": 3600, "1d": 86400 };
const WINDOWS = { "15m": 900, "1h": 3600, "24h": 86400, "7d": 604800, "30d": 2592000 };
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

const posts = [];
const points = new Map();
const totals = { positive: 0, neutral: 0, negative: 0 };
let cursor = 0;

function store(post) {
  posts.unshift(post);
  posts.length = Math.min(posts.length, 5000);
  const time = Math.floor(Date.parse(post.timestamp) / 5000) * 5000;
  const point = points.get(time) ?? {
    time: new Date(time).toISOString(),
    positive: 0,
    neutral: 0,
    negative: 0,
  };
  point[post.sentiment_label] += 1;
  points.set(time, point);
  totals[post.sentiment_label] += 1;
  cursor += 1;
}

const start = Date.now();
if (rate > 0) {
  for (let at = start - 900_000; at < start; at += 1000 / Math.min(rate, 20)) store(fakePost(Math.round(at)));
}

function counts(of = totals) {
  const total = LABELS.reduce((sum, label) => sum + of[label], 0);
  const result = { total };
  for (const label of LABELS) {
    result[label] = {
      posts: of[label],
      share: total ? of[label] / total : 0,
      mean_score: of[label] ? 0.78 : null,
    };
  }
  return result;
}

function history(from, to, seconds) {
  const found = [];
  for (let at = Math.floor(from / seconds / 1000) * seconds * 1000; at < to; at += seconds * 1000) {
    const bucket = { time: new Date(at).toISOString(), positive: 0, neutral: 0, negative: 0 };
    if (at + seconds * 1000 > start - 900_000) {
      for (const [time, point] of points) {
        if (time >= at && time < at + seconds * 1000 && time >= from && time < to) {
          for (const label of LABELS) bucket[label] += point[label];
        }
      }
    } else if (rate > 0) {
      const wave = 1 + 0.5 * Math.sin((at / 86_400_000) * 2 * Math.PI) + 0.1 * Math.sin(at / 1e6);
      bucket.positive = Math.round(seconds * 8 * wave);
      bucket.neutral = Math.round(seconds * 6 * wave * (1 + 0.1 * Math.sin(at / 2e7)));
      bucket.negative = Math.round(seconds * 5 * (2 - wave));
    }
    found.push(bucket);
  }
  return found;
}

let deadLetters = Array.from({ length: 7 }, (_, at) => ({
  dead_letter_id: `${start - at * 61_000}-0`,
  reason: ["bad_encoding", "empty_content", "too_long", "model_error"][at % 4],
  detail: [
    "content is not valid UTF-8 at byte 12",
    "content has no characters",
    "content has 1,048,576 characters; at most 10,000 are allowed",
    "classifier raised RuntimeError",
  ][at % 4],
  attempts: (at % 3) + 1,
  original_stream: "social_posts_stream",
  original_id: `${start - at * 62_000}-0`,
  failed_at: new Date(start - at * 61_000).toISOString(),
  fields: {
    content: at % 4 === 1 ? "" : "A post that could not be classified ".repeat((at % 3) + 1),
    source: "bluesky",
  },
}));

function pipeline() {
  const backlog = Math.round(80 + 50 * Math.sin(Date.now() / 9000));
  return {
    as_of: new Date().toISOString(),
    stream: {
      length: 12_400,
      lag: Math.max(0, backlog - 20),
      lag_known: true,
      pending: 20,
      backlog,
      oldest_unprocessed_seconds: backlog / 100,
    },
    rates: { ingested_per_second: rate, processed_per_second: rate * 0.99 },
    workers: [
      { name: "worker-7c9f-abcde", state: "active", pending: 12, idle_seconds: 0.1 },
      { name: "worker-7c9f-fghij", state: "idle", pending: 0, idle_seconds: 14 },
      { name: "worker-7c9f-klmno", state: "stalled", pending: 8, idle_seconds: 312 },
    ],
    dead_letters: deadLetters.length,
    capacity_posts_per_second: 1240,
    broker: { used_memory_bytes: 48_300_000, maxmemory_bytes: 512_000_000 },
  };
}

function page(query) {
  const after = Number(query.get("before") ?? -1) + 1;
  const limit = Number(query.get("limit") ?? 10);
  const matching = posts.filter(
    (post) =>
      (!query.get("label") || post.sentiment_label === query.get("label")) &&
      (!query.get("source") || post.source === query.get("source")) &&
      (!query.get("q") || post.content.toLowerCase().includes(query.get("q").toLowerCase())) &&
      post.sentiment_score >= Number(query.get("min_score") ?? 0) &&
      (!query.get("from") || post.timestamp >= query.get("from")) &&
      (!query.get("to") || post.timestamp < query.get("to")),
  );
  const found = matching.slice(after, after + limit);
  return { posts: found, next: after + limit < matching.length ? String(after + limit - 1) : null };
}

class Refused extends Error {
  constructor(status, title, detail) {
    super(title);
    Object.assign(this, { status, title, detail });
  }
}

function route(method, url, body) {
  const { pathname, searchParams: query } = url;
  if (pathname === "/api/stats") {
    const window = query.get("window");
    const of = { ...totals };
    if (window) {
      const all = history(Date.now() - WINDOWS[window] * 1000, Date.now(), WINDOWS[window] > 9e4 ? 3600 : 60);
      for (const label of LABELS) of[label] = all.reduce((sum, point) => sum + point[label], 0);
    }
    const found = counts(of);
    return {
      as_of: new Date().toISOString(),
      window,
      counts: found,
      net_sentiment: found.total ? (of.positive - of.negative) / found.total : null,
    };
  }
  if (pathname === "/api/stats/history") {
    const seconds = BUCKETS[query.get("bucket") ?? "1m"];
    const [from, to] = [query.get("from"), query.get("to")];
    return { from, to, bucket_seconds: seconds, points: history(Date.parse(from), Date.parse(to), seconds) };
  }
  if (pathname === "/api/posts/recent" || pathname === "/api/posts/search") return page(query);
  if (pathname === "/api/posts" && method === "POST") {
    const given = body.posts ?? [body];
    const made = given.map((post) => fakePost(Date.now(), post));
    setTimeout(() => made.forEach(store), 400);
    return { ids: made.map((post) => post.id) };
  }
  if (pathname === "/api/pipeline") return pipeline();
  if (pathname === "/api/dead-letters") return { dead_letters: deadLetters, next: null };
  const act = pathname.match(/^\/api\/dead-letters\/(replay|delete)$/);
  if (act) {
    const there = deadLetters.filter((dead) => body.dead_letter_ids.includes(dead.dead_letter_id));
    deadLetters = deadLetters.filter((dead) => !there.includes(dead));
    return act[1] === "replay" ? { replayed: there, missing: [] } : { deleted: there.length };
  }
  const id = pathname.match(/^\/api\/posts\/([^/]+)$/);
  const post = id && posts.find((candidate) => candidate.id === id[1]);
  if (post) return post;
  throw new Refused(404, "Not found", `There is nothing at ${pathname}`);
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, "http://fake");
  if (!url.pathname.startsWith("/api/")) return serveFile(url.pathname, response);
  let text = "";
  for await (const chunk of request) text += chunk;
  const send = (status, value) => {
    response.writeHead(status, {
      "Content-Type": status < 400 ? "application/json" : "application/problem+json",
    });
    response.end(value === undefined ? "" : JSON.stringify(value));
  };
  try {
    const known = !values.token || request.headers.authorization === `Bearer ${values.token}`;
    if (url.pathname === "/api/session") {
      return send(200, {
        authentication_required: Boolean(values.token),
        scopes: known ? ["read", "write", "admin"] : [],
      });
    }
    if (!known) throw new Refused(401, "Unauthorized", "A bearer token is required");
    const answer = route(request.method, url, text ? JSON.parse(text) : null);
    const status = { POST: 202, DELETE: 204 }[request.method] ?? 200;
    if (answer === undefined) return response.writeHead(status === 200 ? 204 : status).end();
    send(status, answer);
  } catch (error) {
    send(error.status ?? 500, {
      type: "about:blank",
      title: error.title ?? error.message,
      status: error.status ?? 500,
      detail: error.detail,
    });
  }
});

async function serveFile(pathname, response) {
  const wanted = extname(pathname) ? normalize(pathname) : "index.html";
  try {
    const content = await readFile(join(DIST, wanted));
    response.writeHead(200, {
      "Content-Type": TYPES[extname(wanted)] ?? "application/octet-stream",
      "Content-Security-Policy": CSP,
    });
    response.end(content);
  } catch {
    response.writeHead(404).end("not found; run npm run build");
  }
}

const sockets = new WebSocketServer({
  server,
  path: "/ws/sentiment",
  handleProtocols: (offered) => [...offered][0],
});
sockets.on("connection", (socket, request) => {
  const offered = request.headers["sec-websocket-protocol"] ?? "";
  if (values.token && !offered.includes(`bearer.${values.token}`)) return socket.close(4001, "unauthorised");
  const now = () => new Date().toISOString();
  const send = (frame) => socket.send(JSON.stringify(frame));
  send({ type: "hello", protocol: 1, server_time: now(), interval_ms: 250 });
  const recent = [...points.values()].filter((point) => Date.parse(point.time) > Date.now() - 905_000);
  send({
    type: "snapshot",
    as_of: now(),
    cursor: String(cursor),
    counts: counts(),
    series: { bucket_seconds: 5, points: recent },
    posts: posts.slice(0, 50),
    gap_filled: true,
  });
  let sent = cursor;
  const timer = setInterval(() => {
    const fresh = cursor - sent;
    if (fresh === 0) return;
    sent = cursor;
    const newest = [...points.values()].slice(-2);
    send({
      type: "update",
      as_of: now(),
      cursor: String(cursor),
      counts: counts(),
      points: newest,
      posts: posts.slice(0, Math.min(fresh, 20)),
      new_posts: fresh,
      posts_per_second: rate,
    });
  }, 250);
  const beat = setInterval(() => send({ type: "heartbeat", as_of: now() }), 5000);
  socket.on("close", () => {
    clearInterval(timer);
    clearInterval(beat);
  });
});

let owed = 0;
setInterval(() => {
  for (owed += rate / 10; owed >= 1; owed -= 1) store(fakePost());
}, 100);

server.listen(Number(values.port), "127.0.0.1", () =>
  console.log(`fake API on http://127.0.0.1:${values.port}`),
);
