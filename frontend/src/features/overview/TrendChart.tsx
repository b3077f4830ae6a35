import { memo, useMemo } from "react";
import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { LABELS } from "../../api/types";
import { netSentiment } from "../../shared/counts/series";
import { axisNumber } from "../../ui/format";
import { LABEL_COLOURS, LABEL_DASHES } from "../../ui/sentiment";
import { timeTicks } from "../../ui/timeTicks";
import { useStable } from "../../ui/useStable";
import { NetStrip } from "./NetStrip";
import { PointLinks } from "./PointLinks";
import classes from "./TrendChart.module.css";
import { TrendTooltip } from "./TrendTooltip";
import type { Trend } from "./useTrend";

export interface Row {
  start: number;
  seconds: number;
  positive: number;
  neutral: number;
  negative: number;
  net: number | null;
}

const AXIS = { fontSize: "0.75rem", fill: "var(--ink-soft)" };
const LEFT = 44;
const RIGHT = 16;

/** Rates, so that ranges compare and the bucket that is still filling does not dip. */
export function toRows({ buckets, bucketSeconds, to }: Trend): Row[] {
  const rows: Row[] = [];
  for (const { start, positive, neutral, negative } of buckets) {
    const elapsed = Math.min(bucketSeconds, (to - start) / 1000);
    // Too little of a bucket says nothing yet.
    if (elapsed < bucketSeconds && elapsed < 60) continue;
    rows.push({
      start,
      seconds: bucketSeconds,
      positive: positive / elapsed,
      neutral: neutral / elapsed,
      negative: negative / elapsed,
      net: netSentiment({ positive, neutral, negative }),
    });
  }
  return rows;
}

function sameRows(a: readonly Row[], b: readonly Row[]): boolean {
  return a.length === b.length && a.every((row, at) => sameRow(row, b[at]));
}

function sameRow(a: Row, b: Row | undefined): boolean {
  return (
    a.start === b?.start &&
    a.seconds === b.seconds &&
    a.positive === b.positive &&
    a.neutral === b.neutral &&
    a.negative === b.negative
  );
}

export default function TrendChart({ trend }: { trend: Trend }) {
  const rows = useMemo(() => toRows(trend), [trend]);
  return <Charts rows={useStable(rows, sameRows)} />;
}

/** Drawn when a bucket is complete or changes, which is seldom next to how often posts come. */
const Charts = memo(function Charts({ rows }: { rows: Row[] }) {
  const first = rows[0]?.start ?? 0;
  const last = rows.at(-1)?.start ?? first;
  const { ticks, format } = timeTicks(first, last);
  const single = rows.length < 3;

  return (
    <div className={classes.charts}>
      <div className={classes.lines}>
        <ResponsiveContainer width="100%" height="100%" debounce={100}>
          <LineChart
            data={rows}
            margin={{ top: 8, right: RIGHT, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="start"
              type="number"
              domain={[first, last]}
              ticks={ticks}
              tickFormatter={format}
              tick={AXIS}
              tickLine={false}
              axisLine={{ stroke: "var(--line)" }}
              minTickGap={24}
              height={26}
            />
            <YAxis
              width={LEFT}
              tick={AXIS}
              tickLine={false}
              axisLine={false}
              tickCount={5}
              tickFormatter={axisNumber}
            />
            <Tooltip
              isAnimationActive={false}
              cursor={{ stroke: "var(--line-strong)" }}
              content={(props) => (
                <TrendTooltip row={props.active ? (props.payload[0]?.payload as Row) : undefined} />
              )}
            />
            {LABELS.map((label) => (
              <Line
                key={label}
                dataKey={label}
                type="linear"
                stroke={LABEL_COLOURS[label]}
                strokeDasharray={LABEL_DASHES[label] ?? ""}
                strokeWidth={2}
                dot={single ? { r: 3, fill: LABEL_COLOURS[label] } : false}
                activeDot={{ r: 5 }}
                isAnimationActive={false}
              />
            ))}
            <PointLinks rows={rows} />
          </LineChart>
        </ResponsiveContainer>
      </div>
      <NetStrip rows={rows} from={first} to={last} />
    </div>
  );
});
