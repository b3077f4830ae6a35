import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api, bodyOf } from "../../api/client";
import { isStatus } from "../../api/problem";
import type { PostDetail } from "../../api/types";
import { useChannel } from "../../live/LiveProvider";
import { postsChannel } from "../../shared/posts/channel";
import { Journey } from "../../shared/posts/Journey";
import { useRemoved } from "../../shared/posts/removed";
import { confidence, languageName } from "../../ui/format";
import { Probabilities } from "../../ui/Probabilities";
import { SentimentMark } from "../../ui/SentimentMark";
import { SidePanel } from "../../ui/SidePanel";
import { ErrorState, Message } from "../../ui/States";
import { LABEL_NAMES } from "../../ui/sentiment";
import { WebLink } from "../../ui/WebLink";
import classes from "./PostDrawer.module.css";

interface Props {
  id: string | null;
  onClose: () => void;
}

/** One post in full: its text, what the model made of it, and its way through the pipeline. */
export function PostDrawer({ id, onClose }: Props) {
  return (
    <SidePanel title="Post" opened={id !== null} onClose={onClose}>
      {id !== null && <Detail id={id} />}
    </SidePanel>
  );
}

function Detail({ id }: { id: string }) {
  const removed = useRemoved().has(id);
  const known = useChannel(postsChannel).find((post) => post.id === id);
  const { data, error, refetch } = useQuery({
    queryKey: ["post", id],
    queryFn: ({ signal }) =>
      bodyOf(api.GET("/api/posts/{post_id}", { params: { path: { post_id: id } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const post: PostDetail | undefined = data ?? known;
  if (removed) {
    return <Message title="This post was removed">Its author or its platform asked for it.</Message>;
  }
  if (post) return <PostDetailView post={post} />;
  if (isStatus(error, 404)) {
    return (
      <Message title="This post is not stored">
        It may not be classified yet, or its address is wrong.
      </Message>
    );
  }
  if (error) return <ErrorState what="The post" error={error} retry={() => void refetch()} />;
  return <Skeleton height={300} />;
}

function PostDetailView({ post }: { post: PostDetail }) {
  const label = post.sentiment_label;
  return (
    <article className={classes.post}>
      <p className={classes.content}>{post.content}</p>
      <p className={classes.label}>
        <SentimentMark label={label} size={13} />
        <b>{LABEL_NAMES[label]}</b> with {confidence(post.sentiment_score)} confidence
      </p>
      <h3 className={classes.heading}>Probabilities</h3>
      <Probabilities scores={post.scores} chosen={label} />
      <h3 className={classes.heading}>Path through the pipeline</h3>
      <Journey post={post} />
      <h3 className={classes.heading}>Record</h3>
      <dl className={classes.facts}>
        <dt>Source</dt>
        <dd>{post.source}</dd>
        <dt>Author</dt>
        <dd>{post.author ?? "unknown"}</dd>
        <dt>Language</dt>
        <dd>{post.lang ? languageName(post.lang) : "unknown"}</dd>
        {post.url && (
          <>
            <dt>Address</dt>
            <dd>
              <WebLink url={post.url} />
            </dd>
          </>
        )}
        <dt>Model</dt>
        <dd>{post.model}</dd>
        <dt>Id</dt>
        <dd className={classes.code}>{post.id}</dd>
        <dt>Stream entry</dt>
        <dd className={classes.code}>{post.stream_id || "unknown"}</dd>
      </dl>
    </article>
  );
}
