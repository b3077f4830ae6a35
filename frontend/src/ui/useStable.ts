import { useState } from "react";

/** The value given first of those that are equal, so that what depends on it is not drawn anew. */
export function useStable<T>(value: T, equal: (a: T, b: T) => boolean): T {
  const [kept, setKept] = useState(value);
  if (kept === value || equal(kept, value)) return kept;
  setKept(value);
  return value;
}
