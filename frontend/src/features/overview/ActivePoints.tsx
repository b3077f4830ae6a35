import { Link } from "react-router";
import {
  DefaultZIndexes,
  useActiveTooltipDataPoints,
  useXAxisScale,
  useYAxisScale,
  ZIndexLayer,
} from "recharts";
import { LABELS } from "../../api/types";
import { postsLink } from "../../shared/posts/link";
import { LABEL_COLOURS } from "../../ui/sentiment";
import type { TrendRow } from "./trendRows";

const RADIUS = 5;
/** Radius around a point within which a click hits it, px. */
const REACH = 10;

/**
 * The points under the mouse, each a link to its posts. They replace Recharts' own active dots, which
 * are created again when posts arrive: a click is lost if its element is removed before the button is released.
 */
export function ActivePoints() {
  const row = useActiveTooltipDataPoints<TrendRow>()?.[0];
  const x = useXAxisScale();
  const y = useYAxisScale();
  if (!row || !x || !y) return null;
  return (
    <ZIndexLayer zIndex={DefaultZIndexes.activeDot}>
      {LABELS.map((label) => (
        // Not focusable: the trend's table leads to the same posts by keyboard.
        <Link
          key={label}
          to={postsLink({ label, from: row.start, to: row.start + row.seconds * 1000 })}
          data-point={label}
          tabIndex={-1}
          aria-hidden="true"
        >
          <circle cx={x(row.start)} cy={y(row[label])} r={REACH} fill="transparent" />
          <circle
            cx={x(row.start)}
            cy={y(row[label])}
            r={RADIUS}
            fill={LABEL_COLOURS[label]}
            stroke="var(--panel)"
            strokeWidth={2}
          />
        </Link>
      ))}
    </ZIndexLayer>
  );
}
