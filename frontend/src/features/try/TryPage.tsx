import { Button, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type KeyboardEvent, useId, useState } from "react";
import { api, bodyOf } from "../../api/client";
import { isStatus, Problem } from "../../api/problem";
import { useMay } from "../../session/useSession";
import { Page } from "../../ui/Page";
import { Panel } from "../../ui/Panel";
import { Earlier } from "./Earlier";
import { Progress } from "./Progress";
import classes from "./TryPage.module.css";
import { useSubmissions } from "./useSubmissions";

const LONGEST = 10_000;
const EXAMPLES = [
  "The staff went out of their way to help us. What a lovely evening!",
  "The store opens at nine and closes at six on weekdays.",
  "Two hours on hold and then they hung up. Never again.",
];

export default function TryPage() {
  const [content, setContent] = useState("");
  const [submissions, add] = useSubmissions();
  const mayWrite = useMay("write");
  const form = useId();
  const send = useMutation({
    mutationFn: (text: string) =>
      bodyOf(api.POST("/api/posts", { body: { content: text, source: "dashboard" } })),
    onSuccess: ({ ids: [id] }, text) => {
      if (id) add({ id, content: text, sentAt: Date.now() });
    },
  });

  const ready = content.trim() !== "" && !send.isPending && mayWrite;
  function submit(event?: FormEvent) {
    event?.preventDefault();
    if (ready) send.mutate(content.trim());
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) submit();
  }

  return (
    <Page title="Try it">
      <div className={classes.grid}>
        <Panel title="Your sentence" note="sent through the real pipeline">
          <form id={form} className={classes.form} onSubmit={submit}>
            <Textarea
              aria-label="Text to classify"
              placeholder="Type what someone might post…"
              rows={6}
              maxLength={LONGEST}
              value={content}
              onChange={(event) => setContent(event.currentTarget.value)}
              onKeyDown={onKeyDown}
            />
            <div className={classes.examples}>
              <span>For example:</span>
              {EXAMPLES.map((example) => (
                <button
                  key={example}
                  type="button"
                  className={classes.example}
                  onClick={() => setContent(example)}
                >
                  {example}
                </button>
              ))}
            </div>
            <div className={classes.submit}>
              <Button type="submit" disabled={!ready} loading={send.isPending}>
                Classify
              </Button>
              <span className={classes.hint}>
                {mayWrite ? "or Ctrl + Enter" : "Your token does not have the scope write."}
              </span>
            </div>
            {send.isError && <SendError error={send.error} />}
          </form>
        </Panel>
        <Progress submission={submissions[0] ?? null} />
        <Earlier submissions={submissions.slice(1)} />
      </div>
    </Page>
  );
}

function SendError({ error }: { error: Error }) {
  const problem = error instanceof Problem ? error : new Problem(0, error.message);
  let text = problem.message;
  if (isStatus(error, 404, 405)) text = "This API does not accept posts.";
  if (isStatus(error, 503)) {
    text = `The pipeline has more waiting than it can take. Try again in ${problem.retryAfter ?? 10} seconds.`;
  }
  return (
    <p role="alert" className={classes.error}>
      {text}
    </p>
  );
}
