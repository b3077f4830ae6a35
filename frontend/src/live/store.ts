import { EMPTY, fold, type LiveState } from "./fold";
import type { Frame } from "./frames";
import type { Link } from "./socket";

/** Subscribers hear of changes at most this often: four renders a second. */
const FLUSH_MS = 250;

export interface LiveView {
  /** What to show: the newest state, or the one at which the reader paused. */
  state: LiveState;
  link: Link;
  paused: boolean;
  /** Posts that came since the pause. */
  behind: number;
}

/** Holds the live state outside React and lets it out in coalesced steps. */
export class LiveStore {
  private newest: LiveState = EMPTY;
  private frozen: LiveState | null = null;
  private link: Link = { state: "connecting", retryAt: null, lastFrameAt: null };
  private listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private flushedAt = 0;
  private view: LiveView = { state: EMPTY, link: this.link, paused: false, behind: 0 };

  get cursor(): string | null {
    return this.newest.cursor;
  }

  receive = (frame: Frame): void => {
    this.newest = fold(this.newest, frame);
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
    this.newest = EMPTY;
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
      state: this.frozen ?? this.newest,
      link: this.link,
      paused: this.frozen !== null,
      behind: this.frozen ? this.newest.arrived - this.frozen.arrived : 0,
    };
    for (const listener of this.listeners) listener();
  }
}
