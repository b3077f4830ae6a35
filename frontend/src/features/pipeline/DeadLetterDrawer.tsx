import { Button } from "@mantine/core";
import { IconRestore, IconTrash } from "@tabler/icons-react";
import type { DeadLetter } from "../../api/types";
import { count, fullTime } from "../../ui/format";
import { SidePanel } from "../../ui/SidePanel";
import classes from "./DeadLetters.module.css";
import { reasonWords } from "./reason";
import type { Action } from "./useDeadLetters";

interface Props {
  letter: DeadLetter | null;
  mayAct: boolean;
  onClose: () => void;
  onAction: (action: Action, id: string) => void;
}

export function DeadLetterDrawer({ letter, mayAct, onClose, onAction }: Props) {
  return (
    <SidePanel title="Dead letter" opened={letter !== null} onClose={onClose}>
      {letter && (
        <div className={classes.drawer}>
          <dl className={classes.facts}>
            <dt>Reason</dt>
            <dd>
              <b>{reasonWords(letter.reason)}</b>
            </dd>
            <dt>Detail</dt>
            <dd>{letter.detail}</dd>
            <dt>Failed</dt>
            <dd>{fullTime(Date.parse(letter.failed_at))}</dd>
            <dt>Attempts</dt>
            <dd>{count(letter.attempts)}</dd>
            <dt>Stream</dt>
            <dd>{letter.original_stream}</dd>
            <dt>Entry</dt>
            <dd>{letter.original_id}</dd>
            {Object.entries(letter.fields)
              .filter(([name]) => name !== "content")
              .map(([name, value]) => (
                <Field key={name} name={name} value={value} />
              ))}
            {letter.fields_left_out > 0 && (
              <Field name="Not shown" value={`${count(letter.fields_left_out)} more fields`} />
            )}
          </dl>
          <pre className={classes.raw}>{letter.fields.content || "no content"}</pre>
          {mayAct && (
            <div className={classes.drawerActions}>
              <Button
                leftSection={<IconRestore size={16} />}
                onClick={() => onAction("replay", letter.dead_letter_id)}
              >
                Replay
              </Button>
              <Button
                variant="default"
                leftSection={<IconTrash size={16} />}
                onClick={() => onAction("delete", letter.dead_letter_id)}
              >
                Delete
              </Button>
            </div>
          )}
        </div>
      )}
    </SidePanel>
  );
}

function Field({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
