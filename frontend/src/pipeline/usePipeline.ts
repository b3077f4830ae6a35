import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { api } from "../api/endpoints";
import { isStatus } from "../api/problem";

const EVERY_MS = 2_000;
const TRAIL_LENGTH = 90;

export function usePipeline() {
  return useQuery({
    queryKey: ["pipeline"],
    queryFn: ({ signal }) => api.pipeline(signal),
    // A route that is not there will not appear in two seconds.
    refetchInterval: (query) => (isStatus(query.state.error, 404, 401, 403) ? false : EVERY_MS),
  });
}

interface Seen {
  at: number;
  backlog: number;
}

let trail: readonly Seen[] = [];

/** The backlog's last three minutes as this page saw it; kept while the pages change. */
export function useBacklogTrail(): readonly number[] {
  const { data, dataUpdatedAt } = usePipeline();
  const [shown, setShown] = useState(trail);
  const backlog = data?.stream.backlog;
  useEffect(() => {
    if (backlog !== undefined && trail.at(-1)?.at !== dataUpdatedAt) {
      trail = [...trail, { at: dataUpdatedAt, backlog }].slice(-TRAIL_LENGTH);
    }
    setShown(trail);
  }, [backlog, dataUpdatedAt]);
  return useMemo(() => shown.map((seen) => seen.backlog), [shown]);
}
