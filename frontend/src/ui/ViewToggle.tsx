import { ActionIcon, Tooltip } from "@mantine/core";
import { IconChartLine, IconTable } from "@tabler/icons-react";

interface Props {
  /** What the chart shows, as "the trend". */
  what: string;
  table: boolean;
  onChange: (table: boolean) => void;
}

/** Turns a chart into its table and back. */
export function ViewToggle({ what, table, onChange }: Props) {
  const label = table ? `Show ${what} as a chart` : `Show ${what} as a table`;
  const Icon = table ? IconChartLine : IconTable;
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" size={32} aria-label={label} onClick={() => onChange(!table)}>
        <Icon size={18} stroke={1.75} />
      </ActionIcon>
    </Tooltip>
  );
}
