import createClient, { type Middleware } from "openapi-fetch";
import { Problem } from "./problem";
import type { paths } from "./schema";
import { token } from "./token";

/** Sends the token, and throws a Problem for every answer that is not JSON. */
const outcomes: Middleware = {
  onRequest({ request }) {
    const bearer = token.get();
    if (bearer) request.headers.set("Authorization", `Bearer ${bearer}`);
    return request;
  },

  async onResponse({ response, schemaPath }) {
    if (!response.ok) throw await Problem.from(response);
    // A single-page fallback answers an unknown route with 200 and HTML: that route does not exist.
    if (!response.headers.get("Content-Type")?.includes("json")) {
      throw new Problem(404, "Not available", `${schemaPath} is not served here.`);
    }
  },

  onError({ error }) {
    const isAborted = error instanceof DOMException && error.name === "AbortError";
    return isAborted ? undefined : Problem.unreachable();
  },
};

/** All routes of the API with their generated types. Pass its answers to `bodyOf`. */
export const api = createClient<paths>({
  baseUrl: window.location.origin,
  headers: { Accept: "application/json, application/problem+json" },
  fetch: (request) => fetch(request),
});
api.use(outcomes);

/**
 * The body of an answer.
 *
 * @throws Problem for any other outcome.
 */
export async function bodyOf<Body>(answer: Promise<{ data?: Body }>): Promise<Body> {
  // Answers without a body were thrown by the middleware.
  return (await answer).data as Body;
}
