import { useCallback, useEffect, useMemo } from "react";
import { useSearchParams } from "react-router";
import { useLiveControls } from "../../live/LiveProvider";
import { Page } from "../../ui/Page";
import { Filters } from "./Filters";
import { canBeLive, readView, type View, writeView } from "./filter";
import { PostDrawer } from "./PostDrawer";
import { PostList } from "./PostList";

/** Scroll position from which the user is taken to be reading, so that new posts do not move the list. */
const READING_PX = 240;

export default function PostsPage() {
  const [search, setSearch] = useSearchParams();
  const key = writeView(new URLSearchParams(), readView(search)).toString();
  const view = useMemo(() => readView(new URLSearchParams(key)), [key]);
  const { pause } = useLiveControls();

  const change = useCallback(
    (part: Partial<View>) => setSearch((current) => writeView(current, part), { replace: true }),
    [setSearch],
  );
  const open = useCallback(
    (id: string | null) =>
      setSearch((current) => {
        const next = new URLSearchParams(current);
        if (id === null) next.delete("post");
        else next.set("post", id);
        return next;
      }),
    [setSearch],
  );

  useEffect(() => {
    if (!canBeLive(view)) return;
    const onScroll = () => {
      if (window.scrollY > READING_PX) pause();
    };
    window.addEventListener("scroll", onScroll, { passive: true });
    return () => window.removeEventListener("scroll", onScroll);
  }, [view, pause]);

  return (
    <Page title="Posts">
      <Filters view={view} onChange={change} />
      <PostList view={view} onOpen={open} onClear={change} />
      <PostDrawer id={search.get("post")} onClose={() => open(null)} />
    </Page>
  );
}
