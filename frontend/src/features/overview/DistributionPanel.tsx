import { Skeleton } from "@mantine/core";
import { IconChartPie } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, bodyOf } from "../../api/client";
import { type Range, rangeWords } from "../../shared/range";
import { Panel } from "../../ui/Panel";
import { ErrorState, Message } from "../../ui/States";
import { ViewToggle } from "../../ui/ViewToggle";
import classes from "./DistributionPanel.module.css";
import { DistributionRing } from "./DistributionRing";
import { DistributionTable } from "./DistributionTable";
import type { useTrend } from "./useTrend";

interface Props {
  trend: ReturnType<typeof useTrend>;
  range: Range;
  className?: string | undefined;
}

export function DistributionPanel({ trend, range, className }: Props) {
  const [tableOnly, setTableOnly] = useState(false);
  const { data, error, retry } = trend;
  const window = range.kind === "recent" ? range.id : null;
  const stats = useQuery({
    queryKey: ["stats", window],
    enabled: window !== null,
    refetchInterval: 10_000,
    queryFn: ({ signal }) => bodyOf(api.GET("/api/stats", { params: { query: { window } }, signal })),
  });

  let body = <Skeleton className={classes.skeleton ?? ""} height={180} />;
  if (error) body = <ErrorState what="The distribution" error={error} retry={() => void retry()} />;
  else if (data && data.totals.total === 0) {
    body = <Message icon={<IconChartPie />} title="No posts in this time" />;
  } else if (data) {
    body = (
      <div className={classes.body}>
        {!tableOnly && (
          <div className={classes.ring}>
            <DistributionRing totals={data.totals} range={range} />
          </div>
        )}
        <DistributionTable
          totals={data.totals}
          range={range}
          means={window === null ? null : (stats.data?.counts ?? null)}
        />
      </div>
    );
  }
  return (
    <Panel
      className={className}
      title="Distribution"
      note={rangeWords(range)}
      actions={<ViewToggle what="the distribution" table={tableOnly} onChange={setTableOnly} />}
    >
      {body}
    </Panel>
  );
}
