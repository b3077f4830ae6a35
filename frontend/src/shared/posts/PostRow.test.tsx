import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { post, T0 } from "../../testing/data";
import { renderPage, stubApi } from "../../testing/render";
import { fullTime } from "../../ui/format";
import { PostRow } from "./PostRow";

it("says that its time is when the post was stored", () => {
  stubApi({});
  renderPage(<PostRow post={post("a", { timestamp: new Date(T0).toISOString() })} onOpen={() => {}} />);
  expect(screen.getByTitle(`Stored ${fullTime(T0)}`)).toBeInTheDocument();
});
