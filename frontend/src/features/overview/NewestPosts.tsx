import { Skeleton } from "@mantine/core";
import { IconMessageOff, IconPlugConnectedX } from "@tabler/icons-react";
import { useCallback } from "react";
import { Link, useNavigate } from "react-router";
import { useChannel, useLiveView } from "../../live/LiveProvider";
import { countsChannel } from "../../shared/counts/channel";
import { postsChannel } from "../../shared/posts/channel";
import { postsLink } from "../../shared/posts/link";
import { PostRow } from "../../shared/posts/PostRow";
import { useRemoved, withoutRemoved } from "../../shared/posts/removed";
import { Panel } from "../../ui/Panel";
import { Message } from "../../ui/States";
import { useHold } from "../../ui/useHold";
import classes from "./NewestPosts.module.css";

const SHOWN = 30;
/** Above this rate (posts per second) the list changes too fast to read, so it is updated once a second. */
const BUSY = 20;
const CALM_MS = 1_000;

export function NewestPosts({ className }: { className?: string | undefined }) {
  const busy = useChannel(countsChannel).postsPerSecond > BUSY;
  const newest = useChannel(postsChannel, busy ? CALM_MS : 0);
  const paused = useLiveView((view) => view.paused);
  const loaded = useLiveView(({ shown }) => shown.asOf !== null);
  const unconnected = useLiveView(({ link }) => link.state === "refused" || link.state === "reconnecting");
  const { shown, holding, handlers } = useHold(newest);
  const posts = withoutRemoved(shown, useRemoved());
  let note: string | undefined;
  if (paused) note = "paused";
  else if (holding) note = "held while you point";
  const navigate = useNavigate();
  const open = useCallback((id: string) => navigate(postsLink({ post: id })), [navigate]);
  return (
    <Panel
      className={`${classes.panel} ${className ?? ""}`}
      title="Newest posts"
      note={note}
      actions={
        <Link to="/posts" className={classes.all}>
          All posts
        </Link>
      }
    >
      {!loaded && !unconnected && <Loading />}
      {!loaded && unconnected && (
        <Message icon={<IconPlugConnectedX />} title="No live connection">
          New posts appear here once it stands. What is stored already is under All posts.
        </Message>
      )}
      {loaded && posts.length === 0 && (
        <Message icon={<IconMessageOff />} title="No posts yet">
          They appear here as soon as the pipeline classifies the first one.
        </Message>
      )}
      {posts.length > 0 && (
        <ol className={classes.list} data-testid="newest-posts" {...handlers}>
          {posts.slice(0, SHOWN).map((post) => (
            <PostRow key={post.id} post={post} onOpen={open} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Loading() {
  return (
    <div className={classes.loading}>
      {["a", "b", "c", "d", "e", "f"].map((key) => (
        <Skeleton key={key} height={44} />
      ))}
    </div>
  );
}
