import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/endpoints";
import { isStatus } from "../api/problem";
import type { DeadLetterPage } from "../api/types";
import { useLivePart } from "../live/LiveProvider";

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
  failed: { id: string; error: unknown }[];
}

/** Replays or deletes dead letters one after the other; one that fails does not keep the rest. */
export function useDeadLetterAction() {
  const client = useQueryClient();
  const [progress, setProgress] = useState(0);
  const mutation = useMutation({
    mutationFn: async ({ action, ids }: { action: Action; ids: readonly string[] }): Promise<Outcome> => {
      const outcome: Outcome = { action, done: 0, failed: [] };
      setProgress(0);
      for (const id of ids) {
        try {
          await (action === "replay" ? api.replay(id) : api.discard(id));
          outcome.done += 1;
        } catch (error) {
          // Someone else was faster: what was wanted is so.
          if (isStatus(error, 404)) outcome.done += 1;
          else outcome.failed.push({ id, error });
        }
        setProgress((count) => count + 1);
      }
      return outcome;
    },
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["dead-letters"] }),
        client.invalidateQueries({ queryKey: ["pipeline"] }),
      ]),
  });
  return { ...mutation, progress };
}
