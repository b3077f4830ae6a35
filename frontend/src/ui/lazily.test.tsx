import { act, render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { expect, it, vi } from "vitest";
import { lazily } from "./lazily";

it("shows a part whose code came only at the third attempt", async () => {
  vi.useFakeTimers();
  const load = vi
    .fn<() => Promise<{ default: () => string }>>()
    .mockRejectedValueOnce(new Error("away"))
    .mockRejectedValueOnce(new Error("away"))
    .mockResolvedValue({ default: () => "here" });
  const Part = lazily(load);
  render(
    <Suspense fallback="loading">
      <Part />
    </Suspense>,
  );
  expect(screen.getByText("loading")).toBeInTheDocument();
  await act(() => vi.advanceTimersByTimeAsync(2_000));
  vi.useRealTimers();
  expect(await screen.findByText("here")).toBeInTheDocument();
});
