import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, bodyOf } from "../../api/client";
import { isStatus } from "../../api/problem";
import type { DeadLetterPage, Selection } from "../../api/types";
import { useLiveView } from "../../live/LiveProvider";

const PAGE_SIZE = 50;
const EVERY_MS = 10_000;

export function useDeadLetters() {
  const paused = useLiveView((view) => view.paused);
  return useInfiniteQuery({
    queryKey: ["dead-letters"],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      bodyOf(
        api.GET("/api/dead-letters", { params: { query: { before: pageParam, limit: PAGE_SIZE } }, signal }),
      ),
    getNextPageParam: (page: DeadLetterPage) => page.next,
    refetchInterval: (query) => (paused || isStatus(query.state.error, 404, 401, 403) ? false : EVERY_MS),
  });
}

export type Action = "replay" | "delete";

/** Returns how many of the letters still existed. */
const ACTIONS: Record<Action, (body: Selection) => Promise<number>> = {
  replay: async (body) => (await bodyOf(api.POST("/api/dead-letters/replay", { body }))).replayed.length,
  delete: async (body) => (await bodyOf(api.POST("/api/dead-letters/delete", { body }))).deleted,
};

export interface Outcome {
  action: Action;
  done: number;
  /** Letters that somebody else replayed or deleted before. */
  missing: number;
}

/** The API's limit for one request. */
const MOST_AT_ONCE = 1_000;

async function act(action: Action, ids: readonly string[]): Promise<Outcome> {
  const outcome: Outcome = { action, done: 0, missing: 0 };
  for (let start = 0; start < ids.length; start += MOST_AT_ONCE) {
    const selection = { dead_letter_ids: ids.slice(start, start + MOST_AT_ONCE) };
    const done = await ACTIONS[action](selection);
    outcome.done += done;
    outcome.missing += selection.dead_letter_ids.length - done;
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
