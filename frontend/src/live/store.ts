import type { Frame } from "../api/types";
import type { Channel } from "./channel";
import type { Link } from "./socket";
import { initialState, type LiveState, reduce } from "./state";

/** Shortest time between two notifications of subscribers: four renders a second. */
const FLUSH_MS = 250;

export interface LiveView {
  /** What to show: the newest state, or the one at which the user paused. */
  shown: LiveState;
  newest: LiveState;
  link: Link;
  paused: boolean;
}

/** Holds the live state outside React and notifies subscribers of coalesced changes. */
export class LiveStore {
  private newest: LiveState;
  private frozen: LiveState | null = null;
  private link: Link = { state: "connecting", retryAt: null, lastFrameAt: null };
  private listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private flushedAt = 0;
  private view: LiveView;

  constructor(private readonly channels: readonly Channel<unknown>[]) {
    this.newest = initialState(channels);
    this.view = { shown: this.newest, newest: this.newest, link: this.link, paused: false };
  }

  get cursor(): string | null {
    return this.newest.cursor;
  }

  receive = (frame: Frame): void => {
    this.newest = reduce(this.newest, frame);
    this.schedule();
  };

  setLink = (link: Link): void => {
    const turned = link.state !== this.link.state;
    this.link = link;
    if (turned) this.flush();
    else this.schedule();
  };

  pause = (): void => {
    this.frozen ??= this.newest;
    this.flush();
  };

  resume = (): void => {
    this.frozen = null;
    this.flush();
  };

  /** Forgets everything: another user's posts must not show. */
  reset = (): void => {
    this.newest = initialState(this.channels);
    this.frozen = null;
    this.flush();
  };

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  getView = (): LiveView => this.view;

  private schedule(): void {
    if (this.timer) return;
    const wait = Math.max(0, this.flushedAt + FLUSH_MS - Date.now());
    this.timer = setTimeout(() => this.flush(), wait);
  }

  private flush(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.flushedAt = Date.now();
    this.view = {
      shown: this.frozen ?? this.newest,
      newest: this.newest,
      link: this.link,
      paused: this.frozen !== null,
    };
    for (const listener of this.listeners) listener();
  }
}
