import { Problem } from "./problem";
import { token } from "./token";

export type Query = Record<string, string | number | null | undefined>;

interface Options {
  query?: Query | undefined;
  method?: "GET" | "POST" | "DELETE";
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/** Path and query string; null, undefined and empty values are left out. */
export function url(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

/** Answers the parsed body, or undefined for an empty one. Throws Problem for any other outcome. */
export async function request<T>(path: string, options: Options = {}): Promise<T> {
  const headers = new Headers({ Accept: "application/json, application/problem+json" });
  const bearer = token.get();
  if (bearer) headers.set("Authorization", `Bearer ${bearer}`);
  if (options.body !== undefined) headers.set("Content-Type", "application/json");

  let response: Response;
  try {
    response = await fetch(url(path, options.query), {
      method: options.method ?? "GET",
      headers,
      body: options.body === undefined ? null : JSON.stringify(options.body),
      signal: options.signal ?? null,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw Problem.unreachable();
  }
  if (!response.ok) throw await Problem.from(response);
  const isJson = response.headers.get("Content-Type")?.includes("json") ?? false;
  if (response.status === 204 || response.headers.get("Content-Length") === "0") return undefined as T;
  // A single-page fallback answers an unknown route with 200 and HTML: that route does not exist.
  if (!isJson) throw new Problem(404, "Not available", `${path} is not served here.`);
  return (await response.json()) as T;
}
