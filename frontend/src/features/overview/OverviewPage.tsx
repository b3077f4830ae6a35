import { useSearchParams } from "react-router";
import { readRange, writeRange } from "../../shared/range";
import { Page } from "../../ui/Page";
import { DistributionPanel } from "./DistributionPanel";
import { Figures } from "./Figures";
import { NewestPosts } from "./NewestPosts";
import classes from "./OverviewPage.module.css";
import { RangePicker } from "./RangePicker";
import { TrendPanel } from "./TrendPanel";
import { useRange } from "./useRange";
import { useTrend } from "./useTrend";

export default function OverviewPage() {
  const [search, setSearch] = useSearchParams();
  const range = useRange(readRange(search));
  const trend = useTrend(range);

  return (
    <Page
      title="Overview"
      controls={
        <RangePicker range={range} onChange={(next) => setSearch((current) => writeRange(current, next))} />
      }
    >
      <div className={classes.grid}>
        <Figures className={classes.figures} trend={trend.data} range={range} />
        <TrendPanel className={classes.trend} trend={trend} range={range} />
        <DistributionPanel className={classes.distribution} trend={trend} range={range} />
        <NewestPosts className={classes.feed} />
      </div>
    </Page>
  );
}
