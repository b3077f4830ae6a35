import { Loader } from "@mantine/core";
import { IconCheck, IconCircleDashed, IconSparkles } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { PostDetail } from "../../api/types";
import { Journey } from "../../shared/posts/Journey";
import { confidence, duration } from "../../ui/format";
import { Panel } from "../../ui/Panel";
import { Probabilities } from "../../ui/Probabilities";
import { SentimentMark } from "../../ui/SentimentMark";
import { ErrorState, Message } from "../../ui/States";
import { LABEL_NAMES } from "../../ui/sentiment";
import { useNow } from "../../ui/useNow";
import classes from "./TryPage.module.css";
import { type Submission, useResult } from "./useSubmissions";

const LONG_MS = 15_000;

/** The newest sentence: its progress, then the result. */
export function Progress({ submission }: { submission: Submission | null }) {
  const result = useResult(submission);
  return (
    <Panel title="Result" note={submission && !result.data ? "on its way" : undefined}>
      {submission === null && (
        <Message icon={<IconSparkles />} title="Nothing sent yet">
          Your sentence goes into the stream like any other post, is classified by a worker, stored, and comes
          back here.
        </Message>
      )}
      {submission !== null && (
        <div className={classes.result} aria-live="polite">
          {result.data && (
            <Result post={result.data.post} seconds={(result.data.seenAt - submission.sentAt) / 1000} />
          )}
          {!result.data && result.error && (
            <ErrorState what="The result" error={result.error} retry={() => void result.refetch()} />
          )}
          {!result.data && !result.error && <Waiting submission={submission} />}
        </div>
      )}
    </Panel>
  );
}

function Waiting({ submission }: { submission: Submission }) {
  const waited = Math.max(0, useNow(500) - submission.sentAt);
  return (
    <>
      <p className={classes.quote}>“{submission.content}”</p>
      <ol className={classes.steps}>
        <Step icon={<IconCheck size={18} />} state="done">
          Accepted into the stream
        </Step>
        <Step icon={<Loader size={18} color="var(--ink)" />} state="now">
          Waiting for a worker <b>{duration(Math.floor(waited / 1000))}</b>
        </Step>
        <Step icon={<IconCircleDashed size={18} />} state="waiting">
          Classified and stored
        </Step>
      </ol>
      {waited > LONG_MS && (
        <p>
          This takes longer than usual. <Link to="/pipeline">Look at the pipeline</Link>; the result still
          appears here when it is there.
        </p>
      )}
    </>
  );
}

function Step({ icon, state, children }: { icon: ReactNode; state: string; children: ReactNode }) {
  return (
    <li className={classes.step} data-state={state}>
      {icon}
      {children}
    </li>
  );
}

function Result({ post, seconds }: { post: PostDetail; seconds: number }) {
  const label = post.sentiment_label;
  return (
    <>
      <p className={classes.label} data-testid="label">
        <SentimentMark label={label} size={22} />
        {LABEL_NAMES[label]}, {confidence(post.sentiment_score)}
      </p>
      <p className={classes.quote}>“{post.content}”</p>
      <Probabilities scores={post.scores} chosen={label} />
      <h3 className={classes.heading}>Path through the pipeline</h3>
      <Journey post={post} />
      <p className={classes.hint}>Back in this page {duration(seconds)} after it was accepted.</p>
    </>
  );
}
