import type { Frame } from "../api/types";
import { parseFrame } from "./frame";

/** The subprotocol; its number changes when frames change incompatibly. */
const SUBPROTOCOL = "sentistream.v1";

/** No frame for this long (heartbeats come every 5 s) and the connection is called stale, then dropped. */
export const STALE_MS = 10_000;
const DROP_MS = 20_000;
const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;
const CROWDED_DELAY_MS = 5_000;

const CLOSE_TRY_LATER = 1013;
const CLOSE_UNAUTHORISED = 4001;
/** The API refuses this page's query or origin: the page is of another build, or a setting must change. */
const CLOSE_REFUSED = [4000, 4003];

export type LinkState = "connecting" | "live" | "reconnecting" | "refused" | "unauthorised" | "closed";

export interface Link {
  state: LinkState;
  /** Clock time (ms) of the next attempt while reconnecting or refused. */
  retryAt: number | null;
  /** What the API said when it refused. */
  reason?: string;
  /** Clock time (ms) of the last frame. */
  lastFrameAt: number | null;
}

interface Options {
  /** Address with query for the cursor given; called at each attempt. */
  address: (cursor: string | null) => string;
  token: () => string | null;
  cursor: () => string | null;
  onFrame: (frame: Frame) => void;
  onLink: (link: Link) => void;
  /** Replaceable for tests outside a browser. */
  open?: (address: string, protocols: string[]) => WebSocket;
}

/**
 * One WebSocket to the API that reconnects by itself, with exponential back-off and jitter,
 * passes the last cursor so that the server fills the gap, and closes a silent connection.
 * A refused token ends the attempts until `restart`; a refused page tries again rarely, since only
 * the operator can fix it.
 */
export class LiveSocket {
  private socket: WebSocket | null = null;
  private attempts = 0;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private watch: ReturnType<typeof setInterval> | null = null;
  private link: Link = { state: "connecting", retryAt: null, lastFrameAt: null };

  constructor(private readonly options: Options) {}

  start(): void {
    this.watch ??= setInterval(() => this.dropIfSilent(), 1_000);
    this.connect();
  }

  stop(): void {
    if (this.watch) clearInterval(this.watch);
    this.watch = null;
    this.abandon();
    this.report({ state: "closed", retryAt: null });
  }

  /** Reconnects at once: the user requested it, the network is back, or there is a new token. */
  restart(): void {
    this.attempts = 0;
    this.abandon();
    this.connect();
  }

  private connect(): void {
    const { address, token, cursor, open = (url, protocols) => new WebSocket(url, protocols) } = this.options;
    const bearer = token();
    const socket = open(address(cursor()), bearer ? [SUBPROTOCOL, `bearer.${bearer}`] : [SUBPROTOCOL]);
    this.socket = socket;
    this.lastSign = Date.now();
    this.report({ state: this.link.lastFrameAt === null ? "connecting" : "reconnecting", retryAt: null });
    socket.onmessage = (event: MessageEvent<string>) => {
      if (socket === this.socket) this.receive(event.data);
    };
    socket.onclose = (event) => {
      if (socket === this.socket) this.closed(event.code, event.reason);
    };
  }

  private lastSign = 0;

  private receive(text: string): void {
    const frame = parseFrame(text);
    if (frame === null) return;
    this.lastSign = Date.now();
    if (frame.type !== "hello") {
      this.attempts = 0;
      this.options.onFrame(frame);
    }
    this.report({ state: "live", retryAt: null, lastFrameAt: this.lastSign });
  }

  private closed(code: number, reason = ""): void {
    this.socket = null;
    if (code === CLOSE_UNAUTHORISED) {
      this.report({ state: "unauthorised", retryAt: null });
    } else if (CLOSE_REFUSED.includes(code)) {
      this.connectIn(backoff(0, MAX_DELAY_MS), { state: "refused", reason });
    } else {
      const first = code === CLOSE_TRY_LATER ? CROWDED_DELAY_MS : FIRST_DELAY_MS;
      this.connectIn(backoff(this.attempts++, first), { state: "reconnecting" });
    }
  }

  private connectIn(delay: number, waiting: Partial<Link>): void {
    this.retry = setTimeout(() => this.connect(), delay);
    this.report({ ...waiting, retryAt: Date.now() + delay });
  }

  private dropIfSilent(): void {
    if (this.socket === null || Date.now() - this.lastSign < DROP_MS) return;
    this.abandon();
    this.closed(1006);
  }

  private abandon(): void {
    if (this.retry) clearTimeout(this.retry);
    this.retry = null;
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  private report(change: Partial<Link>): void {
    this.link = { ...this.link, ...change };
    this.options.onLink(this.link);
  }
}

/** Full jitter between half and all of the exponential delay, so that many clients do not return at once. */
export function backoff(attempt: number, first: number, random: () => number = Math.random): number {
  const ceiling = Math.min(MAX_DELAY_MS, first * 2 ** attempt);
  return ceiling / 2 + (random() * ceiling) / 2;
}
