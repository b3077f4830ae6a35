import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { useFeatures } from "../../shared/feature";
import { readRange, writeRange } from "../../shared/range";
import { Page } from "../../ui/Page";
import { DistributionPanel } from "./DistributionPanel";
import { NewestPosts } from "./NewestPosts";
import classes from "./OverviewPage.module.css";
import { RangePicker } from "./RangePicker";
import { Stats } from "./Stats";
import { TrendPanel } from "./TrendPanel";
import { useTrend } from "./useTrend";

export default function OverviewPage() {
  const [search, setSearch] = useSearchParams();
  const range = useMemo(() => readRange(search), [search]);
  const trend = useTrend(range);

  return (
    <Page
      title="Overview"
      controls={
        <RangePicker range={range} onChange={(next) => setSearch((current) => writeRange(current, next))} />
      }
    >
      <div className={classes.grid}>
        <Stats className={classes.stats} trend={trend.data} range={range} />
        <TrendPanel className={classes.trend} trend={trend} range={range} />
        <DistributionPanel className={classes.distribution} trend={trend} range={range} />
        <NewestPosts className={classes.feed} />
        {useFeatures().map(
          ({ name, overview }) =>
            overview?.panel && (
              <div key={name} className={classes.wide}>
                <overview.panel />
              </div>
            ),
        )}
      </div>
    </Page>
  );
}
