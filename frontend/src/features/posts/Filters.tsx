import { Button, NativeSelect, SegmentedControl, TextInput } from "@mantine/core";
import { IconFilterOff, IconSearch } from "@tabler/icons-react";
import { LABELS, type Label } from "../../api/types";
import { RECENT, type RecentId } from "../../shared/range";
import { SentimentMark } from "../../ui/SentimentMark";
import { LABEL_NAMES } from "../../ui/sentiment";
import { CustomTimes } from "./CustomTimes";
import classes from "./Filters.module.css";
import { isFiltered, NO_FILTER, type View } from "./filter";
import { useDebouncedText } from "./useDebouncedText";
import { useSources } from "./useSources";

interface Props {
  view: View;
  onChange: (change: Partial<View>) => void;
}

export function Filters({ view, onChange }: Props) {
  const [q, setQ] = useDebouncedText(view.q, (text) => onChange({ q: text.trim() }));
  const custom = view.from !== null || view.to !== null;
  return (
    <search className={classes.filters}>
      <TextInput
        className={classes.search ?? ""}
        type="search"
        aria-label="Search posts"
        placeholder="Search posts"
        leftSection={<IconSearch size={16} aria-hidden="true" />}
        value={q}
        onChange={(event) => setQ(event.currentTarget.value)}
      />
      <SegmentedControl
        aria-label="Sentiment"
        value={view.label ?? "all"}
        onChange={(value) => onChange({ label: value === "all" ? null : (value as Label) })}
        data={[
          { value: "all", label: "All" },
          ...LABELS.map((label) => ({
            value: label,
            label: (
              <span className={classes.label}>
                <SentimentMark label={label} /> {LABEL_NAMES[label]}
              </span>
            ),
          })),
        ]}
      />
      <SourceSelect view={view} onChange={onChange} />
      <NativeSelect
        aria-label="Confidence"
        value={view.minScore === null ? "" : String(view.minScore)}
        onChange={({ currentTarget: { value } }) =>
          onChange({ minScore: value === "" ? null : Number(value) })
        }
        data={[
          { value: "", label: "Any confidence" },
          ...[0.5, 0.7, 0.9].map((score) => ({ value: String(score), label: `At least ${score * 100}%` })),
          ...(view.minScore !== null && ![0.5, 0.7, 0.9].includes(view.minScore)
            ? [{ value: String(view.minScore), label: `At least ${Math.round(view.minScore * 100)}%` }]
            : []),
        ]}
      />
      <NativeSelect
        aria-label="Time"
        value={custom ? "custom" : (view.range ?? "")}
        onChange={({ currentTarget: { value } }) => onChange(timeChange(value))}
        data={[
          { value: "", label: "Any time" },
          ...RECENT.map(({ id, words }) => ({ value: id, label: capital(words) })),
          { value: "custom", label: "Custom time" },
        ]}
      />
      {custom && <CustomTimes key={`${view.from} ${view.to}`} view={view} onChange={onChange} />}
      {isFiltered(view) && (
        <Button
          variant="subtle"
          color="ink"
          leftSection={<IconFilterOff size={16} />}
          onClick={() => onChange(NO_FILTER)}
        >
          Clear
        </Button>
      )}
    </search>
  );
}

function SourceSelect({ view, onChange }: Props) {
  const names = useSources(view.source);
  return (
    <NativeSelect
      aria-label="Source"
      value={view.source ?? ""}
      onChange={({ currentTarget: { value } }) => onChange({ source: value || null })}
      data={[{ value: "", label: "Any source" }, ...names]}
    />
  );
}

function timeChange(value: string): Partial<View> {
  if (value !== "custom") return { range: value === "" ? null : (value as RecentId), from: null, to: null };
  const now = Date.now();
  return { range: null, from: new Date(now - 3_600_000).toISOString(), to: new Date(now).toISOString() };
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
