import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { DeadLetter } from "../../api/types";
import { json, problem, renderPage, stubApi } from "../../testing/render";
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
    fields_left_out: 0,
  };
}

function serve(letters: DeadLetter[], scopes: string[]) {
  const gone = new Set<string>();
  const take = (body: unknown) => {
    const { dead_letter_ids: ids } = body as { dead_letter_ids: string[] };
    const there = ids.filter((id) => letters.some((known) => known.dead_letter_id === id) && !gone.has(id));
    for (const id of there) gone.add(id);
    return there;
  };
  const asked = stubApi({
    "GET /api/session": () => json({ authentication_required: true, scopes }),
    "GET /api/dead-letters": () =>
      json({ dead_letters: letters.filter(({ dead_letter_id }) => !gone.has(dead_letter_id)), next: null }),
    "POST /api/dead-letters/replay": ({ body }) =>
      json({ replayed: take(body).map((id) => ({ dead_letter_id: id, entry_id: "9-0" })), missing: [] }, 202),
    "POST /api/dead-letters/delete": ({ body }) => json({ deleted: take(body).length }),
  });
  return { asked, takeFirst: (id: string) => gone.add(id) };
}

describe("DeadLetters", () => {
  it("replays one after asking, and it is gone from the list", async () => {
    const { asked } = serve([letter("1-0"), letter("2-0")], ["read", "admin"]);
    renderPage(<DeadLetters />);
    await userEvent.click((await screen.findAllByRole("button", { name: "Replay" }))[1] as HTMLElement);
    expect(asked).not.toContain("POST /api/dead-letters/replay");
    const dialog = await screen.findByRole("dialog", { name: "Replay this dead letter?" });
    await userEvent.click(within(dialog).getByRole("button", { name: "Replay" }));
    await waitFor(() => expect(screen.queryByText("content of 1-0")).not.toBeInTheDocument());
    expect(screen.getByText("content of 2-0")).toBeInTheDocument();
    expect(screen.getByText(/1 sent through the pipeline again/)).toBeInTheDocument();
  });

  it("says how many fields of a letter it does not show", async () => {
    serve([{ ...letter("1-0"), fields_left_out: 1_881 }], ["admin"]);
    renderPage(<DeadLetters />);
    await userEvent.click(await screen.findByRole("button", { name: "content of 1-0" }));
    expect(within(await screen.findByRole("dialog")).getByText("1,881 more fields")).toBeInTheDocument();
  });

  it("deletes many, and says how many somebody else had taken", async () => {
    const { takeFirst } = serve([letter("1-0"), letter("2-0"), letter("3-0")], ["admin"]);
    renderPage(<DeadLetters />);
    await userEvent.click(await screen.findByRole("checkbox", { name: "Select all" }));
    await userEvent.click(screen.getByRole("button", { name: "Delete 3" }));
    const dialog = await screen.findByRole("dialog", { name: "Delete 3 dead letters?" });
    takeFirst("2-0");
    await userEvent.click(within(dialog).getByRole("button", { name: "Delete" }));
    expect(await screen.findByText(/2 deleted\. 1 had been replayed or deleted before/)).toBeInTheDocument();
    expect(await screen.findByText("No dead letters")).toBeInTheDocument();
  });

  it("says why it could not be done, and keeps them", async () => {
    serve([letter("1-0")], ["admin"]);
    renderPage(<DeadLetters />);
    await userEvent.click((await screen.findAllByRole("button", { name: "Delete" }))[1] as HTMLElement);
    stubApi({ "POST /api/dead-letters/delete": () => problem(503, "Busy", "The broker is away.") });
    const dialog = await screen.findByRole("dialog", { name: "Delete this dead letter?" });
    await userEvent.click(within(dialog).getByRole("button", { name: "Delete" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Busy: The broker is away.");
    expect(screen.getByText("content of 1-0")).toBeInTheDocument();
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
