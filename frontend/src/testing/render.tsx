import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { MemoryRouter } from "react-router";
import { vi } from "vitest";
import { Providers } from "../app/Providers";
import { FEATURES } from "../features";
import { LiveProvider } from "../live/LiveProvider";
import { type Feature, FeaturesProvider } from "../shared/feature";

/** A WebSocket that stays silent: tests that render pages are not about the live stream. */
class SilentSocket {
  close() {}
}

type Answer = (request: { path: string; query: URLSearchParams; body: unknown }) => Response;

/** Answers by "METHOD /path"; what is not listed is a 404 problem, as from an API that lacks the route. */
export function stubApi(answers: Record<string, Answer>) {
  const asked: string[] = [];
  vi.stubGlobal("WebSocket", SilentSocket);
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname, searchParams } = new URL(request.url);
    const name = `${request.method} ${pathname}`;
    asked.push(name);
    const body: unknown = request.body ? await request.json() : null;
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

/** A page, or a part of one, with all that it stands in. */
export function renderPage(page: ReactNode, path = "/", features: readonly Feature[] = FEATURES) {
  const channels = features.flatMap((feature) => feature.channels ?? []);
  return render(
    <Providers>
      <MemoryRouter initialEntries={[path]}>
        <FeaturesProvider features={features}>
          <LiveProvider channels={channels}>{page}</LiveProvider>
        </FeaturesProvider>
      </MemoryRouter>
    </Providers>,
  );
}
