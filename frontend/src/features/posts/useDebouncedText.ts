import { useEffect, useRef, useState } from "react";

const DELAY_MS = 300;

/** A text field's own state that reports after a pause in typing, and follows when `value` changes elsewhere. */
export function useDebouncedText(value: string, report: (text: string) => void) {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const reported = useRef(value);

  useEffect(() => {
    if (value === reported.current) return;
    reported.current = value;
    setText(value);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);

  function change(next: string) {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      reported.current = next.trim();
      report(next);
    }, DELAY_MS);
  }
  return [text, change] as const;
}
