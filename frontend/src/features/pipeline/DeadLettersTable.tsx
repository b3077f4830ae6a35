import { ActionIcon, Checkbox, Tooltip } from "@mantine/core";
import { IconRestore, IconTrash } from "@tabler/icons-react";
import type { DeadLetter } from "../../api/types";
import { count, fullTime, when } from "../../ui/format";
import { ScrollRegion } from "../../ui/ScrollRegion";
import table from "../../ui/Table.module.css";
import classes from "./DeadLetters.module.css";
import { reasonWords } from "./reason";
import type { Action } from "./useDeadLetters";

interface Props {
  letters: readonly DeadLetter[];
  mayAct: boolean;
  selected: ReadonlySet<string>;
  onSelect: (selected: ReadonlySet<string>) => void;
  onOpen: (letter: DeadLetter) => void;
  onAction: (action: Action, id: string) => void;
}

export function DeadLettersTable({ letters, mayAct, selected, onSelect, onOpen, onAction }: Props) {
  const all = letters.every((letter) => selected.has(letter.dead_letter_id));
  const some = letters.some((letter) => selected.has(letter.dead_letter_id));

  function toggle(id: string) {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  }

  return (
    <ScrollRegion label="All dead letters">
      <table className={`${table.table} ${classes.table}`} data-testid="dead-letters">
        <thead>
          <tr>
            {mayAct && (
              <th scope="col" className={classes.check}>
                <Checkbox
                  aria-label="Select all"
                  checked={all}
                  indeterminate={some && !all}
                  onChange={() =>
                    onSelect(all ? new Set() : new Set(letters.map((letter) => letter.dead_letter_id)))
                  }
                />
              </th>
            )}
            <th scope="col">Failed</th>
            <th scope="col">Reason</th>
            <th scope="col">Content</th>
            <th scope="col" className={table.number}>
              Attempts
            </th>
            {mayAct && (
              <th scope="col" className={table.number}>
                Actions
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {letters.map((letter) => (
            <tr key={letter.dead_letter_id}>
              {mayAct && (
                <td className={classes.check}>
                  <Checkbox
                    aria-label={`Select ${letter.dead_letter_id}`}
                    checked={selected.has(letter.dead_letter_id)}
                    onChange={() => toggle(letter.dead_letter_id)}
                  />
                </td>
              )}
              <td className={classes.nowrap}>
                <time dateTime={letter.failed_at} title={fullTime(Date.parse(letter.failed_at))}>
                  {when(letter.failed_at)}
                </time>
              </td>
              <td className={classes.reason}>{reasonWords(letter.reason)}</td>
              <td className={classes.content}>
                <button
                  type="button"
                  className={classes.open}
                  aria-haspopup="dialog"
                  onClick={() => onOpen(letter)}
                >
                  {letter.fields.content || <i>no content</i>}
                </button>
                <span className={classes.detail}>{letter.detail}</span>
              </td>
              <td className={table.number}>{count(letter.attempts)}</td>
              {mayAct && (
                <td className={table.number}>
                  <span className={classes.buttons}>
                    <RowAction
                      name="Replay"
                      icon={IconRestore}
                      onClick={() => onAction("replay", letter.dead_letter_id)}
                    />
                    <RowAction
                      name="Delete"
                      icon={IconTrash}
                      onClick={() => onAction("delete", letter.dead_letter_id)}
                    />
                  </span>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function RowAction({
  name,
  icon: Icon,
  onClick,
}: {
  name: string;
  icon: typeof IconTrash;
  onClick: () => void;
}) {
  return (
    <Tooltip label={name}>
      <ActionIcon variant="subtle" size={30} aria-label={name} onClick={onClick}>
        <Icon size={17} stroke={1.75} />
      </ActionIcon>
    </Tooltip>
  );
}
