import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, bodyOf } from "../../api/client";
import type { Label, Terms } from "../../api/types";
import { type Range, recent } from "../../shared/range";

const LIMIT = 12;
/** The API's answers may be as old. */
const REFETCH_MS = 30_000;
/** Times that end now are taken to whole steps, so that all dashboards ask the same. */
const STEP_MS = 5_000;

export interface Comparison {
  label: Label | null;
  against: Terms["against"];
}

/** What stands out in the posts of a range; for a range that ends now it is asked again and again. */
export function useTerms(range: Range, { label, against }: Comparison) {
  return useQuery({
    queryKey: ["terms", range, label, against],
    refetchInterval: range.kind === "custom" && range.to < Date.now() ? false : REFETCH_MS,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      const now = Math.floor(Date.now() / STEP_MS) * STEP_MS;
      const [from, to] =
        range.kind === "custom" ? [range.from, range.to] : [now - recent(range.id).seconds * 1000, now];
      const query = {
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        label,
        against,
        limit: LIMIT,
      };
      return bodyOf(api.GET("/api/terms", { params: { query }, signal }));
    },
  });
}
