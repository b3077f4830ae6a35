import type { Frame } from "../api/types";

const TYPES: Record<Frame["type"], true> = { hello: true, snapshot: true, update: true, heartbeat: true };

/** The frame in a message, or null for one of a kind this dashboard does not know (a newer server's). */
export function parseFrame(text: string): Frame | null {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) return null;
  return Object.hasOwn(TYPES, (value as { type?: string }).type ?? "") ? (value as Frame) : null;
}
