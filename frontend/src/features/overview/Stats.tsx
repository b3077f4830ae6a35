import { useChannel } from "../../live/LiveProvider";
import { countsChannel } from "../../shared/counts/channel";
import { netSentiment } from "../../shared/counts/series";
import { useFeatures } from "../../shared/feature";
import { type Range, rangeWords } from "../../shared/range";
import { count, NONE, net, rate, shortCount } from "../../ui/format";
import { Stat, StatList } from "../../ui/Stat";
import { NetGauge } from "./NetGauge";
import type { Trend } from "./useTrend";

interface Props {
  trend: Trend | null;
  range: Range;
  className?: string | undefined;
}

/** The most important numbers: net sentiment, volume, rate, and the numbers that other features add. */
export function Stats({ trend, range, className }: Props) {
  const live = useChannel(countsChannel);
  const mood = trend ? netSentiment(trend.totals) : null;
  return (
    <StatList className={className}>
      <Stat
        name="Net sentiment"
        note="positive minus negative, in points of 100"
        value={net(mood)}
        detail={rangeWords(range)}
      >
        <NetGauge value={mood} />
      </Stat>
      <Stat
        name="Posts"
        value={trend ? shortCount(trend.totals.total) : NONE}
        title={trend ? count(trend.totals.total) : undefined}
        detail={`${rangeWords(range)} · ${live.counts ? count(live.counts.total) : NONE} in all`}
      />
      <Stat
        name="Pace"
        value={live.asOf ? rate(live.postsPerSecond) : NONE}
        unit="posts/s"
        detail="classified now"
      />
      {useFeatures().map(({ name, overview }) => overview?.stat && <overview.stat key={name} />)}
    </StatList>
  );
}
