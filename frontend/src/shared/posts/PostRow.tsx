import { memo } from "react";
import type { Post } from "../../api/types";
import { confidence, fullTime, when } from "../../ui/format";
import { SentimentMark } from "../../ui/SentimentMark";
import { LABEL_COLOURS, LABEL_NAMES } from "../../ui/sentiment";
import classes from "./PostRow.module.css";

interface Props {
  post: Post;
  onOpen: (id: string) => void;
}

/** One post: its text, label and score, source and time. */
export const PostRow = memo(function PostRow({ post, onOpen }: Props) {
  const { sentiment_label: label, sentiment_score: score } = post;
  return (
    <li className={classes.row} data-label={label}>
      <button type="button" className={classes.button} onClick={() => onOpen(post.id)} aria-haspopup="dialog">
        <span className={classes.content}>{post.content}</span>
        <span className={classes.meta}>
          <span className={classes.label}>
            <SentimentMark label={label} />
            {LABEL_NAMES[label]}
          </span>
          <span className={classes.score} title="Confidence of the model in this label">
            <span className={classes.track} aria-hidden="true">
              <span
                className={classes.fill}
                style={{ width: `${score * 100}%`, background: LABEL_COLOURS[label] }}
              />
            </span>
            {confidence(score)}
          </span>
          <span className={classes.origin}>
            {post.source}
            {post.author && ` · ${post.author}`}
          </span>
          <time dateTime={post.timestamp} title={`Stored ${fullTime(Date.parse(post.timestamp))}`}>
            {when(post.timestamp)}
          </time>
        </span>
      </button>
    </li>
  );
});
