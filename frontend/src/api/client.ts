import createClient, { type Middleware } from "openapi-fetch";
import { Problem } from "./problem";
import type { paths } from "./schema";
import { token } from "./token";

/** Sends the token, and turns every outcome but a body of JSON into a Problem that is thrown. */
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

/** All routes of the API with their generated types. Give what it answers to `bodyOf`. */
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
  // Whatever has no body was thrown by the middleware.
  return (await answer).data as Body;
}
