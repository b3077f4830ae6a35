import { memo } from "react";
import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { LABELS } from "../../api/types";
import { axisNumber } from "../../ui/format";
import { LABEL_COLOURS, LABEL_DASHES } from "../../ui/sentiment";
import { timeTicks } from "../../ui/timeTicks";
import { ActivePoints } from "./ActivePoints";
import { NetStrip } from "./NetStrip";
import classes from "./TrendChart.module.css";
import { TrendTooltip } from "./TrendTooltip";
import { sameRows, type TrendRow, trendRows } from "./trendRows";
import type { Trend } from "./useTrend";

const AXIS = { fontSize: "0.75rem", fill: "var(--ink-soft)" };
const LEFT = 44;
const RIGHT = 16;

export default function TrendChart({ trend }: { trend: Trend }) {
  return <Charts rows={trendRows(trend)} />;
}

/** Drawn only when a bucket is complete or changes, which is rarer than the arrival of posts. */
const Charts = memo(
  function Charts({ rows }: { rows: TrendRow[] }) {
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
                  <TrendTooltip row={props.active ? (props.payload[0]?.payload as TrendRow) : undefined} />
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
                  activeDot={false}
                  isAnimationActive={false}
                />
              ))}
              <ActivePoints />
            </LineChart>
          </ResponsiveContainer>
        </div>
        <NetStrip rows={rows} from={first} to={last} />
      </div>
    );
  },
  (before, now) => sameRows(before.rows, now.rows),
);
