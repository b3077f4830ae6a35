import { NativeSelect, Skeleton } from "@mantine/core";
import { IconListSearch } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { LABELS, type Label, type Terms } from "../../api/types";
import { type Range, rangeWords, readRange } from "../../shared/range";
import { count } from "../../ui/format";
import { Panel } from "../../ui/Panel";
import { ErrorState, Message } from "../../ui/States";
import { TermList } from "./TermList";
import classes from "./TermsPanel.module.css";
import { type Comparison, useTerms } from "./useTerms";

const DAY_SECONDS = 86_400;

/** The terms that are more frequent in the posts of the overview's time than in others. */
export function TermsPanel() {
  const [search] = useSearchParams();
  const range = useMemo(() => readRange(search), [search]);
  const [label, setLabel] = useState<Label | null>(null);
  const [chosen, setAgainst] = useState<Terms["against"]>("previous");
  const choices = comparisons(range, label);
  const against = choices.some(({ value }) => value === chosen) ? chosen : "previous";
  const { data, error, refetch } = useTerms(range, { label, against });

  let body = <Skeleton className={classes.skeleton ?? ""} height={120} />;
  if (data) body = <Found terms={data} label={label} />;
  else if (error) {
    body = <ErrorState what="What stands out" error={error} retry={() => void refetch()} />;
  }
  return (
    <Panel
      title="What stands out"
      note={rangeWords(range)}
      actions={
        <>
          <NativeSelect
            size="xs"
            aria-label="Posts to look at"
            value={label ?? ""}
            onChange={({ currentTarget: { value } }) =>
              setLabel(LABELS.find((known) => known === value) ?? null)
            }
            data={[
              { value: "", label: "all posts" },
              ...LABELS.map((each) => ({ value: each, label: `${each} posts` })),
            ]}
          />
          <NativeSelect
            size="xs"
            aria-label="Posts to compare with"
            value={against}
            onChange={({ currentTarget: { value } }) => setAgainst(value as Terms["against"])}
            data={choices}
          />
        </>
      }
    >
      {body}
    </Panel>
  );
}

/** What the API can compare the posts with. */
function comparisons(range: Range, label: Comparison["label"]): { value: Terms["against"]; label: string }[] {
  const seconds = range.kind === "custom" ? (range.to - range.from) / 1000 : 0;
  const isLong = range.kind === "custom" ? seconds > DAY_SECONDS : ["7d", "30d"].includes(range.id);
  return [
    { value: "previous", label: "against the time before" },
    ...(isLong ? [] : [{ value: "yesterday" as const, label: "against the day before" }]),
    ...(label === null ? [] : [{ value: "all" as const, label: "against all posts" }]),
  ];
}

function Found({ terms, label }: { terms: Terms; label: Label | null }) {
  if (terms.posts === 0) return <Message icon={<IconListSearch />} title="No posts in this time" />;
  if (terms.against_posts === 0) {
    return (
      <Message icon={<IconListSearch />} title="Nothing to compare with">
        There are no posts of the other time. Compare with another one, or wait until there are.
      </Message>
    );
  }
  const looked = `${count(terms.posts)} posts compared with ${count(terms.against_posts)}`;
  return (
    <>
      {terms.terms.length === 0 ? (
        <Message icon={<IconListSearch />} title="Nothing stands out">
          No term is more frequent than in the other posts, beyond chance.
        </Message>
      ) : (
        <TermList terms={terms} label={label} />
      )}
      <p className={classes.looked}>
        {terms.complete ? `${looked}.` : `${looked}: samples, spread evenly over the time.`}
      </p>
    </>
  );
}
