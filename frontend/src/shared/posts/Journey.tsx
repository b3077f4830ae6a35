import type { PostDetail } from "../../api/types";
import { duration, fullTime } from "../../ui/format";
import classes from "./Journey.module.css";
import { journey, timeInPipeline } from "./journey";

export function Journey({ post }: { post: PostDetail }) {
  const total = timeInPipeline(post);
  return (
    <>
      <ol className={classes.stops}>
        {journey(post).map(({ name, at, after }) => (
          <li key={name} className={classes.stop} data-known={at !== null}>
            <span>{name}</span>
            {at === null ? (
              <span className={classes.time}>not recorded</span>
            ) : (
              <time className={classes.time} dateTime={new Date(at).toISOString()}>
                {fullTime(at)}
              </time>
            )}
            <span className={classes.after}>{after !== null && after >= 0 && `+ ${duration(after)}`}</span>
          </li>
        ))}
      </ol>
      {total !== null && (
        <p className={classes.total}>
          <b>{duration(total)}</b> from the stream to the database
        </p>
      )}
    </>
  );
}
