import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { throttled } from "./throttled";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function source() {
  const listeners = new Set<() => void>();
  return {
    emit: () => {
      for (const listener of listeners) listener();
    },
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

it("hears the first change at once, then once an interval, and the last one", () => {
  const { emit, subscribe } = source();
  const heard = vi.fn();
  throttled(subscribe, heard, 1000);
  emit();
  expect(heard).toHaveBeenCalledTimes(1);
  for (let at = 0; at < 30; at += 1) {
    vi.advanceTimersByTime(100);
    emit();
  }
  expect(heard).toHaveBeenCalledTimes(4);
  vi.advanceTimersByTime(1000);
  expect(heard).toHaveBeenCalledTimes(5);
});

it("hears nothing after it has left", () => {
  const { emit, subscribe } = source();
  const heard = vi.fn();
  const leave = throttled(subscribe, heard, 1000);
  emit();
  emit();
  leave();
  vi.advanceTimersByTime(5000);
  expect(heard).toHaveBeenCalledTimes(1);
});
