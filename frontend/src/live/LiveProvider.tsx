import { createQuerySerializer } from "openapi-fetch";
import {
  createContext,
  type ReactNode,
  use,
  useCallback,
  useEffect,
  useMemo,
  useSyncExternalStore,
} from "react";
import { token } from "../api/token";
import type { LiveQuery } from "../api/types";
import type { Channel } from "./channel";
import { LiveSocket } from "./socket";
import { stateOf } from "./state";
import { LiveStore, type LiveView } from "./store";
import { throttled } from "./throttled";

interface Live {
  store: LiveStore;
  reconnect: () => void;
}

const LiveContext = createContext<Live | null>(null);

const serialize = createQuerySerializer<LiveQuery>();

function addressOf(channels: readonly Channel<unknown>[]) {
  const wanted: LiveQuery = Object.assign({}, ...channels.map((channel) => channel.query));
  return (cursor: string | null): string => {
    const { protocol, host } = window.location;
    const scheme = protocol === "https:" ? "wss:" : "ws:";
    return `${scheme}//${host}/ws/sentiment?${serialize({ ...wanted, since: cursor })}`;
  };
}

interface Props {
  /** The channels of all features; always the same list. */
  channels: readonly Channel<unknown>[];
  children: ReactNode;
}

/** The one WebSocket of the page, open as long as the provider is mounted. */
export function LiveProvider({ channels, children }: Props) {
  const { live, socket } = useMemo(() => {
    const store = new LiveStore(channels);
    const socket = new LiveSocket({
      address: addressOf(channels),
      token: token.get,
      cursor: () => store.cursor,
      onFrame: store.receive,
      onLink: store.setLink,
    });
    return { socket, live: { store, reconnect: () => socket.restart() } };
  }, [channels]);

  useEffect(() => {
    socket.start();
    const restart = () => socket.restart();
    const stopListening = token.subscribe(() => {
      live.store.reset();
      restart();
    });
    window.addEventListener("online", restart);
    return () => {
      window.removeEventListener("online", restart);
      stopListening();
      socket.stop();
    };
  }, [live, socket]);

  return <LiveContext value={live}>{children}</LiveContext>;
}

function useLiveContext(): Live {
  const live = use(LiveContext);
  if (live === null) throw new Error("the live stream needs a LiveProvider above it");
  return live;
}

/** A channel's state as it should show now; renders at most every `every` milliseconds, and four times a second. */
export function useChannel<State>(channel: Channel<State>, every = 0): State {
  const { store } = useLiveContext();
  const subscribe = useCallback(
    (listener: () => void) => throttled(store.subscribe, listener, every),
    [store, every],
  );
  return useSyncExternalStore(subscribe, () => stateOf(store.getView().shown, channel));
}

/** One part of the live view; renders only when that part changes. `select` must return a stable value. */
export function useLiveView<Part>(select: (view: LiveView) => Part): Part {
  const { store } = useLiveContext();
  return useSyncExternalStore(store.subscribe, () => select(store.getView()));
}

export function useLiveControls() {
  const { store, reconnect } = useLiveContext();
  return { pause: store.pause, resume: store.resume, reconnect };
}
