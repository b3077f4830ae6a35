import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { DeadLetter } from "../api/types";
import { json, problem, renderPage, stubApi } from "../test-render";
import { DeadLetters } from "./DeadLetters";

function letter(id: string): DeadLetter {
  return {
    dead_letter_id: id,
    reason: "bad_encoding",
    detail: `detail of ${id}`,
    attempts: 2,
    original_stream: "social_posts_stream",
    original_id: "1-0",
    failed_at: "2026-03-01T12:00:00Z",
    fields: { content: `content of ${id}` },
  };
}

function serve(letters: DeadLetter[], scopes: string[], refuse: string[] = []) {
  const gone = new Set<string>();
  const act = (id: string) => () => {
    if (refuse.includes(id)) return problem(503, "Busy");
    gone.add(id);
    return new Response(null, { status: 204 });
  };
  return stubApi({
    "GET /api/session": () => json({ authentication_required: true, scopes }),
    "GET /api/dead-letters": () =>
      json({ dead_letters: letters.filter(({ dead_letter_id }) => !gone.has(dead_letter_id)), next: null }),
    ...Object.fromEntries(
      letters.flatMap(({ dead_letter_id: id }) => [
        [`POST /api/dead-letters/${id}/replay`, act(id)],
        [`DELETE /api/dead-letters/${id}`, act(id)],
      ]),
    ),
  });
}

describe("DeadLetters", () => {
  it("replays one after asking, and it is gone from the list", async () => {
    const asked = serve([letter("1-0"), letter("2-0")], ["read", "admin"]);
    renderPage(<DeadLetters />);
    await userEvent.click((await screen.findAllByRole("button", { name: "Replay" }))[1] as HTMLElement);
    expect(asked).not.toContain("POST /api/dead-letters/1-0/replay");
    const dialog = await screen.findByRole("dialog", { name: "Replay this dead letter?" });
    await userEvent.click(within(dialog).getByRole("button", { name: "Replay" }));
    await waitFor(() => expect(screen.queryByText("content of 1-0")).not.toBeInTheDocument());
    expect(screen.getByText("content of 2-0")).toBeInTheDocument();
    expect(screen.getByText(/1 sent through the pipeline again/)).toBeInTheDocument();
  });

  it("deletes many, and says which could not be", async () => {
    serve([letter("1-0"), letter("2-0"), letter("3-0")], ["admin"], ["2-0"]);
    renderPage(<DeadLetters />);
    await userEvent.click(await screen.findByRole("checkbox", { name: "Select all" }));
    await userEvent.click(screen.getByRole("button", { name: "Delete 3" }));
    const dialog = await screen.findByRole("dialog", { name: "Delete 3 dead letters?" });
    await userEvent.click(within(dialog).getByRole("button", { name: "Delete" }));
    expect(await screen.findByText(/2 deleted.*1 failed: Busy/)).toBeInTheDocument();
    await waitFor(() => expect(screen.queryByText("content of 3-0")).not.toBeInTheDocument());
    expect(screen.getByText("content of 2-0")).toBeInTheDocument();
  });

  it("shows no way to act to those who may not", async () => {
    serve([letter("1-0")], ["read"]);
    renderPage(<DeadLetters />);
    await screen.findByText("content of 1-0");
    expect(screen.queryByRole("button", { name: "Replay" })).not.toBeInTheDocument();
    expect(screen.queryByRole("checkbox")).not.toBeInTheDocument();
  });

  it("says calmly that an API does not offer them", async () => {
    stubApi({});
    renderPage(<DeadLetters />);
    expect(await screen.findByText("Dead letters: not available here")).toBeInTheDocument();
    expect(screen.queryByRole("alert")).not.toBeInTheDocument();
  });
});
