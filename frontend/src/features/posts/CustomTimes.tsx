import { TextInput } from "@mantine/core";
import { useState } from "react";
import { toLocalInput } from "../../ui/localTime";
import classes from "./Filters.module.css";
import type { View } from "./filter";

interface Props {
  view: View;
  onChange: (change: Partial<View>) => void;
}

/** The two ends of a fixed time range; each is applied when it is complete and the field loses focus. */
export function CustomTimes({ view, onChange }: Props) {
  return (
    <div className={classes.times}>
      <TimeField label="From" value={view.from} onChange={(from) => onChange({ from })} />
      <span aria-hidden="true">–</span>
      <TimeField label="To" value={view.to} onChange={(to) => onChange({ to })} />
    </div>
  );
}

interface FieldProps {
  label: string;
  value: string | null;
  onChange: (value: string | null) => void;
}

function TimeField({ label, value, onChange }: FieldProps) {
  const shown = value === null ? "" : toLocalInput(Date.parse(value), true);
  const [text, setText] = useState(shown);
  return (
    <TextInput
      type="datetime-local"
      step={1}
      aria-label={label}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => {
        if (text !== shown) onChange(text === "" ? null : new Date(text).toISOString());
      }}
    />
  );
}
