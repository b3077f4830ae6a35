import { Button, Popover, SegmentedControl, TextInput } from "@mantine/core";
import { IconCalendar } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { type Range, RECENT, type RecentId } from "../../shared/range";
import { dayMinute } from "../../ui/format";
import { toLocalInput as local } from "../../ui/localTime";
import classes from "./RangePicker.module.css";

interface Props {
  range: Range;
  onChange: (range: Range) => void;
}

const HOUR = 3_600_000;

export function RangePicker({ range, onChange }: Props) {
  const [opened, setOpened] = useState(false);
  const custom = range.kind === "custom";
  return (
    <div className={classes.picker}>
      <SegmentedControl
        aria-label="Time range"
        size="sm"
        value={custom ? "" : range.id}
        onChange={(id) => onChange({ kind: "recent", id: id as RecentId })}
        data={RECENT.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus shadow="md" returnFocus>
        <Popover.Target>
          <Button
            variant={custom ? "filled" : "default"}
            size="sm"
            h={36}
            className={classes.custom ?? ""}
            aria-label={custom ? undefined : "Custom time range"}
            leftSection={<IconCalendar size={16} />}
            onClick={() => setOpened((open) => !open)}
          >
            {custom ? (
              `${dayMinute(range.from)} – ${dayMinute(range.to)}`
            ) : (
              <span className={classes.word}>Custom</span>
            )}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <CustomForm
            range={range}
            onChange={(next) => {
              setOpened(false);
              onChange(next);
            }}
          />
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}

function CustomForm({ range, onChange }: Props) {
  const now = Date.now();
  const [from, setFrom] = useState(local(range.kind === "custom" ? range.from : now - 6 * HOUR));
  const [to, setTo] = useState(local(range.kind === "custom" ? range.to : now));
  const backwards = Date.parse(from) >= Date.parse(to);
  const incomplete = from === "" || to === "";

  function submit(event: FormEvent) {
    event.preventDefault();
    onChange({ kind: "custom", from: Date.parse(from), to: Date.parse(to) });
  }

  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        type="datetime-local"
        label="From"
        value={from}
        max={local(now)}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        label="To"
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
        error={backwards ? "The end must be after the start." : undefined}
      />
      <Button type="submit" disabled={backwards || incomplete}>
        Show
      </Button>
    </form>
  );
}
