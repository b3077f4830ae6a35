const KEY = "sentistream-token";
type Listener = () => void;
const listeners = new Set<Listener>();

function read(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

let current = read();

/** The bearer token of this tab: kept for the tab's life, never in localStorage or the URL. */
export const token = {
  get: (): string | null => current,

  set(value: string | null): void {
    current = value;
    try {
      if (value === null) sessionStorage.removeItem(KEY);
      else sessionStorage.setItem(KEY, value);
    } catch {
      // Storage is blocked: the token lives as long as the page does.
    }
    for (const listener of listeners) listener();
  },

  subscribe(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
