import { useLivePart } from "../../live/LiveProvider";
import { netSentiment } from "../../shared/counts/series";
import { type Range, recent } from "../../shared/range";
import { count, NONE, net, rate, shortCount } from "../../ui/format";
import { BacklogFigure } from "./BacklogFigure";
import { Figure } from "./Figure";
import classes from "./Figures.module.css";
import { NetGauge } from "./NetGauge";
import type { Trend } from "./useTrend";

interface Props {
  trend: Trend | null;
  range: Range;
  className?: string | undefined;
}

export function rangeWords(range: Range): string {
  return range.kind === "recent" ? recent(range.id).words : "chosen range";
}

/** What someone with ten seconds reads: the mood, the volume, the pace, and whether we keep up. */
export function Figures({ trend, range, className }: Props) {
  const state = useLivePart((view) => view.state);
  const mood = trend ? netSentiment(trend.totals) : null;
  return (
    <dl className={`${classes.figures} ${className ?? ""}`}>
      <Figure
        name="Net sentiment"
        note="positive minus negative, in points of 100"
        value={net(mood)}
        detail={rangeWords(range)}
      >
        <NetGauge value={mood} />
      </Figure>
      <Figure
        name="Posts"
        value={trend ? shortCount(trend.totals.total) : NONE}
        title={trend ? count(trend.totals.total) : undefined}
        detail={`${rangeWords(range)} · ${state.counts ? count(state.counts.total) : NONE} in all`}
      />
      <Figure
        name="Pace"
        value={state.asOf ? rate(state.postsPerSecond) : NONE}
        unit="posts/s"
        detail="classified now"
      />
      <BacklogFigure />
    </dl>
  );
}
