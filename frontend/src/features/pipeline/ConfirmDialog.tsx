import { Button } from "@mantine/core";
import { Dialog } from "../../ui/Dialog";
import { count } from "../../ui/format";
import classes from "./DeadLetters.module.css";
import type { Action } from "./useDeadLetters";

interface Props {
  pending: { action: Action; ids: readonly string[] } | null;
  running: boolean;
  onConfirm: () => void;
  onCancel: () => void;
}

export function ConfirmDialog({ pending, running, onConfirm, onCancel }: Props) {
  const number = pending?.ids.length ?? 0;
  const what = number === 1 ? "this dead letter" : `${count(number)} dead letters`;
  const replay = pending?.action === "replay";
  return (
    <Dialog
      opened={pending !== null}
      onClose={running ? () => {} : onCancel}
      title={replay ? `Replay ${what}?` : `Delete ${what}?`}
    >
      <div className={classes.confirm}>
        <p>
          {replay
            ? "The original entries go into the stream again. If the cause is not fixed, they become dead letters again."
            : "Deleted entries cannot be restored: these posts will never be counted."}
        </p>
        <div>
          <Button variant="default" disabled={running} onClick={onCancel}>
            Cancel
          </Button>
          <Button data-danger={replay ? undefined : true} loading={running} onClick={onConfirm}>
            {replay ? "Replay" : "Delete"}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
