import { type MouseEvent, memo } from "react";
import { useNavigate } from "react-router";
import { Cell, Pie, PieChart } from "recharts";
import { LABELS } from "../../api/types";
import type { Totals } from "../../shared/counts/series";
import { postsLink } from "../../shared/posts/link";
import type { Range } from "../../shared/range";
import { shortCount } from "../../ui/format";
import { LABEL_COLOURS, LABEL_NAMES } from "../../ui/sentiment";
import { sliceAt } from "./slice";

const SIZE = 180;
const INNER = 56;
const OUTER = 86;

interface Props {
  totals: Totals;
  range: Range;
}

/** Shares as a ring, the total in its middle; a slice leads to its posts. */
export default memo(function DistributionPie({ totals, range }: Props) {
  const navigate = useNavigate();
  const slices = LABELS.map((label) => ({ label, name: LABEL_NAMES[label], value: totals[label] }));
  const span = range.kind === "custom" ? { from: range.from, to: range.to } : {};

  // Recharts makes each slice anew when the shares change, and a click on an element that goes before
  // the button is up is lost: the place tells the slice instead.
  function labelUnder(event: MouseEvent<HTMLDivElement>) {
    const box = event.currentTarget.getBoundingClientRect();
    const x = event.clientX - box.left - SIZE / 2;
    const y = event.clientY - box.top - SIZE / 2;
    return sliceAt(totals, x, y, INNER, OUTER);
  }

  function onClick(event: MouseEvent<HTMLDivElement>) {
    const label = labelUnder(event);
    if (label) navigate(postsLink({ label, ...span }));
  }

  return (
    // biome-ignore lint/a11y: the labels in the table beside it are the keyboard's way to the same posts.
    <div
      onClick={onClick}
      onMouseMove={(event) => {
        event.currentTarget.style.cursor = labelUnder(event) ? "pointer" : "";
      }}
    >
      <PieChart
        width={SIZE}
        height={SIZE}
        accessibilityLayer={false}
        margin={{ top: 0, right: 0, bottom: 0, left: 0 }}
      >
        <Pie
          data={slices}
          dataKey="value"
          nameKey="name"
          innerRadius={INNER}
          outerRadius={OUTER}
          startAngle={90}
          endAngle={-270}
          stroke="var(--panel)"
          strokeWidth={3}
          isAnimationActive={false}
          rootTabIndex={-1}
        >
          {slices.map(({ label }) => (
            <Cell key={label} fill={LABEL_COLOURS[label]} />
          ))}
        </Pie>
        <text
          x={SIZE / 2}
          y={SIZE / 2 - 2}
          textAnchor="middle"
          fontSize="1.4rem"
          fontWeight={600}
          fill="var(--ink)"
        >
          {shortCount(totals.total)}
        </text>
        <text x={SIZE / 2} y={SIZE / 2 + 17} textAnchor="middle" fontSize="0.75rem" fill="var(--ink-soft)">
          posts
        </text>
      </PieChart>
    </div>
  );
});
