import { useCallback } from "react";
import { useNavigate } from "react-router";
import { postsLink } from "../../shared/posts/link";
import { PostRow } from "../../shared/posts/PostRow";
import { Panel } from "../../ui/Panel";
import classes from "./TryPage.module.css";
import { type Submission, useResult } from "./useSubmissions";

export function Earlier({ submissions }: { submissions: readonly Submission[] }) {
  if (submissions.length === 0) return null;
  return (
    <Panel title="Tried before" className={classes.earlier}>
      <ol>
        {submissions.map((submission) => (
          <EarlierRow key={submission.id} submission={submission} />
        ))}
      </ol>
    </Panel>
  );
}

function EarlierRow({ submission }: { submission: Submission }) {
  const { data } = useResult(submission);
  const navigate = useNavigate();
  const open = useCallback((id: string) => navigate(postsLink({ post: id })), [navigate]);
  return data ? <PostRow post={data.post} onOpen={open} /> : null;
}
