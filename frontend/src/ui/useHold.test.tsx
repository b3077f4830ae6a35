import { fireEvent, render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { useHold } from "./useHold";

function Shows({ value }: { value: number }) {
  const { shown, handlers } = useHold(value);
  return <p {...handlers}>shows {shown}</p>;
}

it("holds what it shows while the mouse is over it, and then catches up", () => {
  const { rerender } = render(<Shows value={1} />);
  fireEvent.pointerEnter(screen.getByText("shows 1"));
  rerender(<Shows value={2} />);
  expect(screen.getByText("shows 1")).toBeInTheDocument();
  fireEvent.pointerLeave(screen.getByText("shows 1"));
  expect(screen.getByText("shows 2")).toBeInTheDocument();
});
