import { useEffect, useRef, useState } from "react";

/** `value`, but renewed at most every `every` milliseconds, the last one always in the end. */
export function useThrottled<T>(value: T, every: number): T {
  const [shown, setShown] = useState(value);
  const shownAt = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, shownAt.current + every - Date.now());
    const timer = setTimeout(() => {
      shownAt.current = Date.now();
      setShown(() => value);
    }, wait);
    return () => clearTimeout(timer);
  }, [value, every]);
  return shown;
}
