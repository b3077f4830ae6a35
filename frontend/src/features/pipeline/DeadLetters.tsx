import { Button, Skeleton, VisuallyHidden } from "@mantine/core";
import { IconCircleCheck, IconRestore, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { DeadLetter } from "../../api/types";
import { useMay } from "../../session/useSession";
import { count } from "../../ui/format";
import { Panel } from "../../ui/Panel";
import { ErrorState, Message } from "../../ui/States";
import { ConfirmDialog } from "./ConfirmDialog";
import { DeadLetterDrawer } from "./DeadLetterDrawer";
import classes from "./DeadLetters.module.css";
import { DeadLettersTable } from "./DeadLettersTable";
import { type Action, type Outcome, useDeadLetterAction, useDeadLetters } from "./useDeadLetters";

interface Pending {
  action: Action;
  ids: readonly string[];
}

/** Posts that could not be processed: the reason, the content, and buttons to replay or delete them. */
export function DeadLetters() {
  const query = useDeadLetters();
  const mayAct = useMay("admin");
  const action = useDeadLetterAction();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [pending, setPending] = useState<Pending | null>(null);
  const [opened, setOpened] = useState<DeadLetter | null>(null);

  const letters = query.data?.pages.flatMap((page) => page.dead_letters) ?? [];
  const chosen = letters.map((letter) => letter.dead_letter_id).filter((id) => selected.has(id));

  function confirm() {
    if (pending === null) return;
    action.mutate(pending, {
      onSettled: () => {
        setPending(null);
        setOpened(null);
        setSelected(new Set());
      },
    });
  }

  return (
    <Panel
      title="Dead letters"
      note={letters.length > 0 && "posts that could not be processed, newest first"}
      className={classes.panel}
      actions={
        mayAct &&
        letters.length > 0 && (
          <>
            <Button
              size="xs"
              variant="default"
              disabled={chosen.length === 0}
              leftSection={<IconRestore size={15} />}
              onClick={() => setPending({ action: "replay", ids: chosen })}
            >
              Replay {chosen.length > 0 && chosen.length}
            </Button>
            <Button
              size="xs"
              variant="default"
              disabled={chosen.length === 0}
              leftSection={<IconTrash size={15} />}
              onClick={() => setPending({ action: "delete", ids: chosen })}
            >
              Delete {chosen.length > 0 && chosen.length}
            </Button>
          </>
        )
      }
    >
      <div id="dead-letters" className={classes.anchor} />
      <div role="status">{action.data && <OutcomeLine outcome={action.data} />}</div>
      {action.error && (
        <p role="alert" className={classes.outcome} data-failed>
          {action.error.message}
        </p>
      )}
      {query.isPending && <Skeleton height={160} className={classes.skeleton ?? ""} />}
      {query.isError && letters.length === 0 && (
        <ErrorState what="Dead letters" error={query.error} retry={() => void query.refetch()} />
      )}
      {query.isSuccess && letters.length === 0 && (
        <Message icon={<IconCircleCheck />} title="No dead letters">
          Every post so far could be processed.
        </Message>
      )}
      {letters.length > 0 && (
        <DeadLettersTable
          letters={letters}
          mayAct={mayAct}
          selected={selected}
          onSelect={setSelected}
          onOpen={setOpened}
          onAction={(what, id) => setPending({ action: what, ids: [id] })}
        />
      )}
      {query.hasNextPage && (
        <Button
          variant="subtle"
          className={classes.more ?? ""}
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show more
        </Button>
      )}
      <DeadLetterDrawer
        letter={opened}
        mayAct={mayAct}
        onClose={() => setOpened(null)}
        onAction={(what, id) => setPending({ action: what, ids: [id] })}
      />
      <ConfirmDialog
        pending={pending}
        running={action.isPending}
        onConfirm={confirm}
        onCancel={() => setPending(null)}
      />
    </Panel>
  );
}

function OutcomeLine({ outcome: { action, done, missing } }: { outcome: Outcome }) {
  const verb = action === "replay" ? "sent through the pipeline again" : "deleted";
  return (
    <p className={classes.outcome}>
      <VisuallyHidden>Dead letters: </VisuallyHidden>
      {count(done)} {verb}.{missing > 0 && ` ${count(missing)} had been replayed or deleted before.`}
    </p>
  );
}
