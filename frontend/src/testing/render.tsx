import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { MemoryRouter } from "react-router";
import { vi } from "vitest";
import { Providers } from "../app/Providers";
import { LiveProvider } from "../live/LiveProvider";

/** A WebSocket that stays silent: tests that render pages are not about the live stream. */
class SilentSocket {
  close() {}
}

type Answer = (request: { path: string; query: URLSearchParams; body: unknown }) => Response;

/** Answers by "METHOD /path"; what is not listed is a 404 problem, as from an API that lacks the route. */
export function stubApi(answers: Record<string, Answer>) {
  const asked: string[] = [];
  vi.stubGlobal("WebSocket", SilentSocket);
  vi.stubGlobal("fetch", async (input: string, init: RequestInit) => {
    const { pathname, searchParams } = new URL(input, "http://localhost");
    const name = `${init.method ?? "GET"} ${pathname}`;
    asked.push(name);
    const body: unknown = init.body ? JSON.parse(String(init.body)) : null;
    return answers[name]?.({ path: pathname, query: searchParams, body }) ?? problem(404, "Not found");
  });
  return asked;
}

export const json = (value: unknown, status = 200) => Response.json(value, { status });
export const problem = (status: number, title: string, detail?: string) =>
  new Response(JSON.stringify({ title, status, detail }), {
    status,
    headers: { "Content-Type": "application/problem+json" },
  });

export function renderPage(page: ReactNode, path = "/") {
  return render(
    <Providers>
      <MemoryRouter initialEntries={[path]}>
        <LiveProvider>{page}</LiveProvider>
      </MemoryRouter>
    </Providers>,
  );
}
