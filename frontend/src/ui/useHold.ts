import { type PointerEvent, useState } from "react";

/** Freezes a changing value while the mouse is over its element, so that clicks hit their target. */
export function useHold<T>(value: T) {
  const [held, setHeld] = useState<{ value: T } | null>(null);
  const handlers = {
    onPointerEnter: (event: PointerEvent) => {
      // A touch has no hover state.
      if (event.pointerType !== "touch") setHeld({ value });
    },
    onPointerLeave: () => setHeld(null),
  };
  return { shown: held ? held.value : value, holding: held !== null, handlers };
}
