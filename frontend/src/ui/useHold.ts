import { type PointerEvent, useState } from "react";

/** Holds a moving value while the mouse is over what shows it, so that one hits what one aims at. */
export function useHold<T>(value: T) {
  const [held, setHeld] = useState<{ value: T } | null>(null);
  const handlers = {
    onPointerEnter: (event: PointerEvent) => {
      // A finger rests nowhere.
      if (event.pointerType !== "touch") setHeld({ value });
    },
    onPointerLeave: () => setHeld(null),
  };
  return { shown: held ? held.value : value, holding: held !== null, handlers };
}
