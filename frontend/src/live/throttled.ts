/** Subscribes `listener`, which is called at most every `every` milliseconds, and always after the last change. */
export function throttled(
  subscribe: (listener: () => void) => () => void,
  listener: () => void,
  every: number,
): () => void {
  let heardAt = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  function hear() {
    timer = null;
    heardAt = Date.now();
    listener();
  }
  const unsubscribe = subscribe(() => {
    if (timer) return;
    const wait = heardAt + every - Date.now();
    if (wait <= 0) hear();
    else timer = setTimeout(hear, wait);
  });
  return () => {
    unsubscribe();
    if (timer) clearTimeout(timer);
  };
}
