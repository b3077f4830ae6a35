import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { post } from "../../testing/data";
import { json, problem, renderPage, stubApi } from "../../testing/render";
import TryPage from "./TryPage";

describe("TryPage", () => {
  it("sends the sentence, waits while it is on its way, and shows what came back", async () => {
    let asked = 0;
    stubApi({
      "POST /api/posts": ({ body }) => {
        expect(body).toMatchObject({ content: "what a day" });
        return json({ ids: ["p1"] }, 202);
      },
      "GET /api/posts/p1": () => {
        asked += 1;
        return asked < 3 ? problem(404, "Not found") : json(post("p1", { content: "what a day" }));
      },
    });
    renderPage(<TryPage />);
    await userEvent.type(screen.getByRole("textbox", { name: "Text to classify" }), "what a day");
    await userEvent.click(screen.getByRole("button", { name: "Classify" }));
    expect(await screen.findByText("Waiting for a worker")).toBeInTheDocument();
    expect(await screen.findByTestId("label")).toHaveTextContent("Positive, 90%");
  });

  it("tells when the pipeline is full", async () => {
    stubApi({ "POST /api/posts": () => problem(503, "Backlog over its limit") });
    renderPage(<TryPage />);
    await userEvent.type(screen.getByRole("textbox"), "hello");
    await userEvent.click(screen.getByRole("button", { name: "Classify" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("has more waiting than it can take");
  });
});
