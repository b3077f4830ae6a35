import { Skeleton } from "@mantine/core";
import { IconChartLine } from "@tabler/icons-react";
import { Suspense, useState } from "react";
import { LABELS } from "../../api/types";
import { postsLink } from "../../shared/posts/link";
import type { Range } from "../../shared/range";
import { duration, when } from "../../ui/format";
import { LabelLink } from "../../ui/LabelLink";
import { lazily } from "../../ui/lazily";
import { Panel } from "../../ui/Panel";
import { ErrorState, Message } from "../../ui/States";
import { ViewToggle } from "../../ui/ViewToggle";
import classes from "./TrendPanel.module.css";
import { TrendTable } from "./TrendTable";
import type { Trend, useTrend } from "./useTrend";

function Note({ trend: { bucketSeconds, incompleteFrom } }: { trend: Trend }) {
  return (
    <>
      posts per second, in steps of {duration(bucketSeconds)}
      {incompleteFrom !== null && (
        <span className={classes.incomplete}>
          {" "}
          · posts are waiting: incomplete from {when(new Date(incompleteFrom).toISOString())} on
        </span>
      )}
    </>
  );
}

const TrendChart = lazily(() => import("./TrendChart"));

interface Props {
  trend: ReturnType<typeof useTrend>;
  range: Range;
  className?: string | undefined;
}

export function TrendPanel({ trend, range, className }: Props) {
  const [table, setTable] = useState(false);
  const { data, error, retry } = trend;
  const span = range.kind === "custom" ? { from: range.from, to: range.to } : {};
  const loading = <Skeleton className={classes.skeleton ?? ""} />;

  let body = loading;
  if (error) body = <ErrorState what="The trend" error={error} retry={() => void retry()} />;
  else if (data && data.totals.total === 0) {
    body = (
      <Message icon={<IconChartLine />} title="No posts in this time">
        {data.live ? "The line begins with the first post that is classified." : "Choose another time range."}
      </Message>
    );
  } else if (data && table) body = <TrendTable trend={data} />;
  else if (data) {
    body = (
      <Suspense fallback={loading}>
        <TrendChart trend={data} />
      </Suspense>
    );
  }

  return (
    <Panel
      className={className}
      title="Trend"
      note={data && <Note trend={data} />}
      actions={
        <>
          <div className={classes.legend}>
            {LABELS.map((label) => (
              <LabelLink key={label} label={label} to={postsLink({ label, ...span })} />
            ))}
          </div>
          <ViewToggle what="the trend" table={table} onChange={setTable} />
        </>
      }
    >
      <div className={classes.body}>{body}</div>
    </Panel>
  );
}
