import { Button, Skeleton } from "@mantine/core";
import { useIntersection } from "@mantine/hooks";
import { IconArrowUp, IconMessageOff } from "@tabler/icons-react";
import { useEffect } from "react";
import { PostRow } from "../../shared/posts/PostRow";
import { shortCount } from "../../ui/format";
import { Panel } from "../../ui/Panel";
import { ErrorState, Message } from "../../ui/States";
import { canBeLive, isFiltered, NO_FILTER, type View } from "./filter";
import classes from "./PostList.module.css";
import { useFeed } from "./useFeed";

interface Props {
  view: View;
  onOpen: (id: string) => void;
  onClear: (view: View) => void;
}

export function PostList({ view, onOpen, onClear }: Props) {
  const { posts, query, live, holding, handlers, paused, behind, resume } = useFeed(view);

  function showNewest() {
    window.scrollTo({ top: 0 });
    resume();
  }

  let note = "newest first";
  if (live) note = holding ? "live, held while you point" : "live, newest first";
  else if (paused && canBeLive(view)) note = "paused while you read";

  return (
    <Panel title={view.q ? `Posts about “${view.q}”` : "Newest posts"} note={note} className={classes.panel}>
      {paused && canBeLive(view) && (
        <Button
          className={classes.fresh ?? ""}
          size="xs"
          radius="xl"
          leftSection={<IconArrowUp size={14} />}
          onClick={showNewest}
        >
          {behind === 0 ? "Resume" : `${shortCount(behind)} new`}
        </Button>
      )}
      {query.isPending && posts.length === 0 && <Loading />}
      {query.isError && posts.length === 0 && (
        <ErrorState what="Posts" error={query.error} retry={() => void query.refetch()} />
      )}
      {query.isSuccess && posts.length === 0 && query.hasNextPage && <NothingYet query={query} />}
      {query.isSuccess && posts.length === 0 && !query.hasNextPage && <Empty view={view} onClear={onClear} />}
      {posts.length > 0 && (
        <ol className={classes.list} data-testid="posts" {...handlers}>
          {posts.map((post) => (
            <PostRow key={post.id} post={post} onOpen={onOpen} />
          ))}
        </ol>
      )}
      {posts.length > 0 && <Older query={query} />}
    </Panel>
  );
}

type FeedQuery = ReturnType<typeof useFeed>["query"];

/** A search that was ended at its time limit, with nothing found in the newest posts. */
function NothingYet({ query }: { query: FeedQuery }) {
  return (
    <Message
      icon={<IconMessageOff />}
      title="Nothing found so far"
      action={
        <Button
          variant="default"
          size="xs"
          loading={query.isFetching}
          onClick={() => void query.fetchNextPage()}
        >
          Search older posts
        </Button>
      }
    >
      The search took long, and ended before it had reached the oldest posts.
    </Message>
  );
}

function Older({ query }: { query: FeedQuery }) {
  const { ref, entry } = useIntersection({ rootMargin: "600px" });
  const near = entry?.isIntersecting ?? false;
  const { hasNextPage, isFetching, isError, fetchNextPage } = query;
  useEffect(() => {
    if (near && hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [near, hasNextPage, isFetching, isError, fetchNextPage]);
  return (
    <div ref={ref} className={classes.older}>
      {query.isError && (
        <Button variant="default" size="xs" onClick={() => void fetchNextPage()}>
          Older posts could not be loaded. Try again
        </Button>
      )}
      {!query.isError && (hasNextPage ? "Loading older posts…" : "That is all of them.")}
    </div>
  );
}

function Empty({ view, onClear }: Pick<Props, "view" | "onClear">) {
  if (!isFiltered(view)) {
    return (
      <Message icon={<IconMessageOff />} title="No posts yet">
        They appear here as soon as the pipeline classifies the first one.
      </Message>
    );
  }
  return (
    <Message
      icon={<IconMessageOff />}
      title="No posts match"
      action={
        <Button variant="default" size="xs" onClick={() => onClear(NO_FILTER)}>
          Clear all filters
        </Button>
      }
    >
      Widen the time, lower the confidence or search for other words.
    </Message>
  );
}

function Loading() {
  return (
    <div className={classes.loading}>
      {["a", "b", "c", "d", "e", "f", "g", "h"].map((key) => (
        <Skeleton key={key} height={40} />
      ))}
    </div>
  );
}
