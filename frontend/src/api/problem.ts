/** An error answer: an RFC 9457 problem document, or what could be read instead. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    /** HTTP status; 0 when the server could not be reached at all. */
    readonly status: number,
    readonly title: string,
    readonly detail: string | null = null,
    /** Seconds to wait before trying again, when the server said so. */
    readonly retryAfter: number | null = null,
  ) {
    super(detail ? `${title}: ${detail}` : title);
  }

  static async from(response: Response): Promise<Problem> {
    const retryAfter = Number(response.headers.get("Retry-After")) || null;
    const fallback = response.statusText || `HTTP ${response.status}`;
    try {
      const body: unknown = await response.json();
      if (typeof body === "object" && body !== null) {
        const { title, detail } = body as { title?: unknown; detail?: unknown };
        return new Problem(
          response.status,
          typeof title === "string" ? title : fallback,
          typeof detail === "string" ? detail : null,
          retryAfter,
        );
      }
    } catch {
      // A proxy's HTML error page: only the status line is useful.
    }
    return new Problem(response.status, fallback, null, retryAfter);
  }

  static unreachable(): Problem {
    return new Problem(
      0,
      "The server cannot be reached",
      "Check the network, or whether the API is running.",
    );
  }
}

export function isStatus(error: unknown, ...statuses: number[]): boolean {
  return error instanceof Problem && statuses.includes(error.status);
}
