import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, bodyOf } from "../../api/client";
import { isStatus } from "../../api/problem";
import type { PostDetail } from "../../api/types";

const FAST_MS = 150;
const SLOW_MS = 1_000;
const FAST_FOR_MS = 5_000;

/** A submitted sentence and its state. */
export interface Submission {
  id: string;
  content: string;
  /** Clock time (ms) at which the API had accepted it. */
  sentAt: number;
}

/** Requests the post until it is stored: quickly at first, then once a second. */
export function useResult(submission: Submission | null) {
  return useQuery({
    queryKey: ["submission", submission?.id],
    enabled: submission !== null,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }): Promise<{ post: PostDetail; seenAt: number } | null> => {
      if (submission === null) return null;
      try {
        return {
          post: await bodyOf(
            api.GET("/api/posts/{post_id}", { params: { path: { post_id: submission.id } }, signal }),
          ),
          seenAt: Date.now(),
        };
      } catch (error) {
        if (isStatus(error, 404)) return null;
        throw error;
      }
    },
    refetchInterval: (query) => {
      if (query.state.data || submission === null) return false;
      return Date.now() - submission.sentAt < FAST_FOR_MS ? FAST_MS : SLOW_MS;
    },
  });
}

const MAX_SUBMISSIONS = 8;

/** This visit's sentences, newest first. */
export function useSubmissions() {
  const [submissions, setSubmissions] = useState<readonly Submission[]>([]);
  const add = (submission: Submission) =>
    setSubmissions((known) => [submission, ...known].slice(0, MAX_SUBMISSIONS));
  return [submissions, add] as const;
}
