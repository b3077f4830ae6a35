import { useMemo } from "react";
import classes from "./TrendChart.module.css";
import type { TrendRow } from "./trendRows";

const HEIGHT = 52;
const MIDDLE = HEIGHT / 2;

interface Props {
  rows: readonly TrendRow[];
  from: number;
  to: number;
}

/** Net sentiment below the lines, on the same time axis: positive above the middle, negative below. */
export function NetStrip({ rows, from, to }: Props) {
  const bars = useMemo(() => {
    const span = Math.max(1, to - from);
    const largest = Math.max(0.1, ...rows.map((row) => Math.abs(row.net ?? 0)));
    const breadth = 85 / Math.max(1, rows.length);
    return rows.flatMap(({ start, net }) => {
      if (net === null) return [];
      const x = ((start - from) / span) * 100 - breadth / 2;
      return [{ start, x, height: (Math.abs(net) / largest) * (MIDDLE - 2), breadth, up: net >= 0 }];
    });
  }, [rows, from, to]);

  return (
    <div className={classes.net}>
      <span>Net sentiment</span>
      <svg
        width="100%"
        height={HEIGHT}
        role="img"
        aria-label="Net sentiment over the same time"
        focusable="false"
      >
        {bars.map(({ start, x, height, breadth, up }) => (
          <rect
            key={start}
            x={`${x}%`}
            y={up ? MIDDLE - height : MIDDLE}
            width={`${breadth}%`}
            height={height}
            fill={up ? "var(--positive)" : "var(--negative)"}
          />
        ))}
        <line x1="0" x2="100%" y1={MIDDLE} y2={MIDDLE} stroke="var(--line-strong)" />
      </svg>
    </div>
  );
}
