import { useElementSize } from "@mantine/hooks";
import { useMemo } from "react";
import { LEFT, RIGHT, type Row } from "./TrendChart";
import classes from "./TrendChart.module.css";

const HEIGHT = 52;
const MIDDLE = HEIGHT / 2;

interface Props {
  rows: readonly Row[];
  from: number;
  to: number;
}

/** Net sentiment under the lines, on the same time axis: above the middle positive, below negative. */
export function NetStrip({ rows, from, to }: Props) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const inner = Math.max(0, width - LEFT - RIGHT);
  const bars = useMemo(() => {
    const span = Math.max(1, to - from);
    const largest = Math.max(0.1, ...rows.map((row) => Math.abs(row.net ?? 0)));
    const breadth = Math.max(1, inner / Math.max(1, rows.length) - 0.75);
    return rows.flatMap(({ start, net }) => {
      if (net === null) return [];
      const x = LEFT + ((start - from) / span) * inner - breadth / 2;
      const height = (Math.abs(net) / largest) * (MIDDLE - 2);
      return [{ start, x, height, breadth, up: net >= 0 }];
    });
  }, [rows, from, to, inner]);

  return (
    <div className={classes.net}>
      <span className={classes.netName}>Net sentiment</span>
      <div ref={ref}>
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
              x={x}
              y={up ? MIDDLE - height : MIDDLE}
              width={breadth}
              height={height}
              fill={up ? "var(--positive)" : "var(--negative)"}
            />
          ))}
          <line x1={LEFT} x2={LEFT + inner} y1={MIDDLE} y2={MIDDLE} stroke="var(--line-strong)" />
        </svg>
      </div>
    </div>
  );
}
