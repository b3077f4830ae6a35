import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../../api/endpoints";
import { isStatus } from "../../api/problem";
import type { DeadLetterPage } from "../../api/types";
import { useLivePart } from "../../live/LiveProvider";

const PAGE_SIZE = 50;
const EVERY_MS = 10_000;

export function useDeadLetters() {
  const paused = useLivePart((view) => view.paused);
  return useInfiniteQuery({
    queryKey: ["dead-letters"],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => api.deadLetters(pageParam, PAGE_SIZE, signal),
    getNextPageParam: (page: DeadLetterPage) => page.next,
    refetchInterval: (query) => (paused || isStatus(query.state.error, 404, 401, 403) ? false : EVERY_MS),
  });
}

export type Action = "replay" | "delete";

export interface Outcome {
  action: Action;
  done: number;
  /** Letters that somebody else replayed or deleted before. */
  missing: number;
}

/** The API takes so many at once. */
const MOST_AT_ONCE = 1_000;

async function act(action: Action, ids: readonly string[]): Promise<Outcome> {
  const outcome: Outcome = { action, done: 0, missing: 0 };
  for (let start = 0; start < ids.length; start += MOST_AT_ONCE) {
    const part = ids.slice(start, start + MOST_AT_ONCE);
    const done =
      action === "replay" ? (await api.replay(part)).replayed.length : (await api.discard(part)).deleted;
    outcome.done += done;
    outcome.missing += part.length - done;
  }
  return outcome;
}

export function useDeadLetterAction() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ action, ids }: { action: Action; ids: readonly string[] }) => act(action, ids),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["dead-letters"] }),
        client.invalidateQueries({ queryKey: ["pipeline"] }),
      ]),
  });
}
