import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, bodyOf } from "../../api/client";
import { isStatus } from "../../api/problem";
import { useLiveView } from "../../live/LiveProvider";

const EVERY_MS = 2_000;
const MAX_SAMPLES = 150;

export function usePipeline() {
  const paused = useLiveView((view) => view.paused);
  return useQuery({
    queryKey: ["pipeline"],
    queryFn: ({ signal }) => bodyOf(api.GET("/api/pipeline", { signal })),
    // If the API does not have this route, asking again is useless.
    refetchInterval: (query) => (paused || isStatus(query.state.error, 404, 401, 403) ? false : EVERY_MS),
  });
}

export interface PipelineSample {
  /** ms */
  at: number;
  backlog: number;
  ingested: number;
  processed: number;
}

let samples: readonly PipelineSample[] = [];

/** The samples of the last five minutes; kept when another page is shown. */
export function usePipelineSamples(): readonly PipelineSample[] {
  const { data, dataUpdatedAt: at } = usePipeline();
  const [shown, setShown] = useState(samples);
  useEffect(() => {
    if (data && samples.at(-1)?.at !== at) {
      const { stream, rates } = data;
      const sample = {
        at,
        backlog: stream.backlog,
        ingested: rates.ingested_per_second,
        processed: rates.processed_per_second,
      };
      samples = [...samples, sample].slice(-MAX_SAMPLES);
    }
    setShown(samples);
  }, [data, at]);
  return shown;
}
