import { Link } from "react-router";
import { LABELS } from "../../api/types";
import type { Totals } from "../../shared/counts/series";
import { postsLink } from "../../shared/posts/link";
import type { Range } from "../../shared/range";
import { shortCount } from "../../ui/format";
import { LABEL_COLOURS } from "../../ui/sentiment";

const SIZE = 180;
const RADIUS = 71;
const THICKNESS = 30;
/** Gap between two slices as a fraction of the circle: 3 px. */
const GAP = 3 / (2 * Math.PI * RADIUS);

interface Props {
  totals: Totals;
  range: Range;
}

/**
 * Shares as a ring, the total in its middle; a slice leads to its posts. Not Recharts' pie, which makes
 * each slice again when the shares change: a click is lost if its element is removed before the button is released.
 */
export function DistributionRing({ totals, range }: Props) {
  const span = range.kind === "custom" ? { from: range.from, to: range.to } : {};
  let end = 0;
  return (
    <svg
      width={SIZE}
      height={SIZE}
      viewBox={`${-SIZE / 2} ${-SIZE / 2} ${SIZE} ${SIZE}`}
      data-testid="distribution"
      aria-hidden="true"
    >
      {LABELS.map((label) => {
        const start = end;
        end += totals[label] / totals.total;
        return (
          // Not focusable: the labels in the table lead to the same posts by keyboard.
          <Link key={label} to={postsLink({ label, ...span })} tabIndex={-1}>
            <path
              d={arc(start, end)}
              fill="none"
              stroke={LABEL_COLOURS[label]}
              strokeWidth={THICKNESS}
              data-slice={label}
            />
          </Link>
        );
      })}
      <text y={-2} textAnchor="middle" fontSize="1.4rem" fontWeight={600} fill="var(--ink)">
        {shortCount(totals.total)}
      </text>
      <text y={17} textAnchor="middle" fontSize="0.75rem" fill="var(--ink-soft)">
        posts
      </text>
    </svg>
  );
}

/** A slice around the origin, shortened by half a gap at each end. Angles are fractions of the circle, clockwise from the top. */
function arc(start: number, end: number): string {
  const isWhole = end - start > 1 - GAP;
  const length = isWhole ? 0.9999 : Math.max(0, end - start - GAP);
  const first = start + GAP / 2;
  const large = length > 0.5 ? 1 : 0;
  return `M ${pointAt(first)} A ${RADIUS} ${RADIUS} 0 ${large} 1 ${pointAt(first + length)}`;
}

function pointAt(turns: number): string {
  const angle = 2 * Math.PI * turns;
  return `${(RADIUS * Math.sin(angle)).toFixed(2)} ${(-RADIUS * Math.cos(angle)).toFixed(2)}`;
}
