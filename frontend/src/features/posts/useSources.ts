import { useQuery } from "@tanstack/react-query";
import { api, bodyOf } from "../../api/client";
import { useChannel } from "../../live/LiveProvider";
import { postsChannel } from "../../shared/posts/channel";

/** All known sources: those of stored posts, of new posts, and the selected one. */
export function useSources(chosen: string | null): string[] {
  const stored = useQuery({
    queryKey: ["sources"],
    queryFn: ({ signal }) => bodyOf(api.GET("/api/posts/sources", { signal })),
    staleTime: 60_000,
  });
  const arriving = useChannel(postsChannel);
  const names = new Set([...(stored.data?.sources ?? []), ...arriving.map(({ source }) => source)]);
  if (chosen) names.add(chosen);
  return [...names].sort();
}
