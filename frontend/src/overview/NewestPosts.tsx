import { Skeleton } from "@mantine/core";
import { IconMessageOff } from "@tabler/icons-react";
import { useCallback } from "react";
import { Link, useNavigate } from "react-router";
import { useLivePart } from "../live/LiveProvider";
import { postsLink } from "../posts/links";
import { PostRow } from "../posts/PostRow";
import { Panel } from "../ui/Panel";
import { Message } from "../ui/States";
import classes from "./NewestPosts.module.css";

const SHOWN = 40;

export function NewestPosts({ className }: { className?: string | undefined }) {
  const posts = useLivePart((view) => view.state.posts);
  const loaded = useLivePart((view) => view.state.asOf !== null);
  const paused = useLivePart((view) => view.paused);
  const navigate = useNavigate();
  const open = useCallback((id: string) => navigate(postsLink({ post: id })), [navigate]);
  return (
    <Panel
      className={`${classes.panel} ${className ?? ""}`}
      title="Newest posts"
      note={paused ? "paused" : undefined}
      actions={
        <Link to="/posts" className={classes.all}>
          All posts
        </Link>
      }
    >
      {!loaded && <Loading />}
      {loaded && posts.length === 0 && (
        <Message icon={<IconMessageOff />} title="No posts yet">
          They appear here as soon as the pipeline classifies the first one.
        </Message>
      )}
      {posts.length > 0 && (
        <ol className={classes.list} data-testid="newest-posts">
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
