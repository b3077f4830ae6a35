import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api } from "../../api/endpoints";
import { isStatus } from "../../api/problem";
import { useLivePart } from "../../live/LiveProvider";

const EVERY_MS = 2_000;
const TRAIL_LENGTH = 150;

export function usePipeline() {
  const paused = useLivePart((view) => view.paused);
  return useQuery({
    queryKey: ["pipeline"],
    queryFn: ({ signal }) => api.pipeline(signal),
    // A route that is not there will not appear in two seconds.
    refetchInterval: (query) => (paused || isStatus(query.state.error, 404, 401, 403) ? false : EVERY_MS),
  });
}

export interface Reading {
  /** ms */
  at: number;
  backlog: number;
  ingested: number;
  processed: number;
}

let trail: readonly Reading[] = [];

/** The last five minutes as this page saw them; kept while the pages change. */
export function useTrail(): readonly Reading[] {
  const { data, dataUpdatedAt: at } = usePipeline();
  const [shown, setShown] = useState(trail);
  useEffect(() => {
    if (data && trail.at(-1)?.at !== at) {
      const { stream, rates } = data;
      const reading = {
        at,
        backlog: stream.backlog,
        ingested: rates.ingested_per_second,
        processed: rates.processed_per_second,
      };
      trail = [...trail, reading].slice(-TRAIL_LENGTH);
    }
    setShown(trail);
  }, [data, at]);
  return shown;
}
