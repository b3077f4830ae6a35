import { useMemo } from "react";
import type { Range } from "../../shared/range";

/** The same object for the same range, so that it can be a dependency. */
export function useRange(range: Range): Range {
  const key = JSON.stringify(range);
  return useMemo(() => JSON.parse(key) as Range, [key]);
}
