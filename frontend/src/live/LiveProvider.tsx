import {
  createContext,
  type ReactNode,
  use,
  useCallback,
  useEffect,
  useMemo,
  useSyncExternalStore,
} from "react";
import { url } from "../api/client";
import { token } from "../api/token";
import { LiveSocket } from "./socket";
import { LiveStore, type LiveView } from "./store";
import { throttled } from "./throttled";

interface Live {
  store: LiveStore;
  reconnect: () => void;
}

const LiveContext = createContext<Live | null>(null);

function address(cursor: string | null): string {
  const { protocol, host } = window.location;
  const scheme = protocol === "https:" ? "wss:" : "ws:";
  return `${scheme}//${host}${url("/ws/sentiment", { posts: "sample", since: cursor })}`;
}

/** The one WebSocket of the page, open as long as the provider is mounted. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const { live, socket } = useMemo(() => {
    const store = new LiveStore();
    const socket = new LiveSocket({
      address,
      token: token.get,
      cursor: () => store.cursor,
      onFrame: store.receive,
      onLink: store.setLink,
    });
    return { socket, live: { store, reconnect: () => socket.restart() } };
  }, []);

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
  if (live === null) throw new Error("useLive needs a LiveProvider above it");
  return live;
}

/** The live state as it should show now; renders at most every `every` milliseconds, and four times a second. */
export function useLive(every = 0): LiveView {
  const { store } = useLiveContext();
  const subscribe = useCallback(
    (listener: () => void) => throttled(store.subscribe, listener, every),
    [store, every],
  );
  return useSyncExternalStore(subscribe, store.getView);
}

/** One part of the live state; renders only when that part changes. `select` must answer a stable value. */
export function useLivePart<T>(select: (view: LiveView) => T): T {
  const { store } = useLiveContext();
  return useSyncExternalStore(store.subscribe, () => select(store.getView()));
}

export function useLiveControls() {
  const { store, reconnect } = useLiveContext();
  return { pause: store.pause, resume: store.resume, reconnect };
}
