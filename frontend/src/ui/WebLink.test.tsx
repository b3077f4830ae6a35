import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { WebLink } from "./WebLink";

it("is a link where the address leads to the web, and says nothing of this page to it", () => {
  render(<WebLink url="https://social.example/@ada/1" />);
  const link = screen.getByRole("link", { name: "https://social.example/@ada/1" });
  expect(link).toHaveAttribute("rel", "noopener noreferrer");
});

it.each(["javascript:alert(1)", "at://did:plc:ada/post/1", "//", "data:text/html,x"])(
  "is text for %s",
  (url) => {
    render(<WebLink url={url} />);
    expect(screen.getByText(url)).toBeInTheDocument();
    expect(screen.queryByRole("link")).not.toBeInTheDocument();
  },
);
