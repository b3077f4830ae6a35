import { useCallback } from "react";
import { useNavigate } from "react-router";
import { postsLink } from "../../shared/posts/link";
import { PostRow } from "../../shared/posts/PostRow";
import { Panel } from "../../ui/Panel";
import classes from "./TryPage.module.css";
import { type Trial, useResult } from "./useTrial";

export function Earlier({ trials }: { trials: readonly Trial[] }) {
  if (trials.length === 0) return null;
  return (
    <Panel title="Tried before" className={classes.earlier}>
      <ol>
        {trials.map((trial) => (
          <EarlierRow key={trial.id} trial={trial} />
        ))}
      </ol>
    </Panel>
  );
}

function EarlierRow({ trial }: { trial: Trial }) {
  const { data } = useResult(trial);
  const navigate = useNavigate();
  const open = useCallback((id: string) => navigate(postsLink({ post: id })), [navigate]);
  return data ? <PostRow post={data.post} onOpen={open} /> : null;
}
