import { type ComponentType, lazy } from "react";

const DELAYS_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

/**
 * A component whose code is loaded when it is first shown. A load that fails because the network is
 * away is tried again for about a minute; after that the error boundary shows the error.
 */
export function lazily<Props>(load: () => Promise<{ default: ComponentType<Props> }>) {
  return lazy(async () => {
    for (const delay of DELAYS_MS) {
      try {
        return await load();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, delay));
      }
    }
    return load();
  });
}
