const WIDTH = 96;
const HEIGHT = 30;

/** A line without axes for a figure's recent values; empty with fewer than two values. */
export function Sparkline({ values, label }: { values: readonly number[]; label: string }) {
  if (values.length < 2) return null;
  const highest = Math.max(...values, 1);
  const step = WIDTH / (values.length - 1);
  const points = values.map(
    (value, at) => `${(at * step).toFixed(1)},${(HEIGHT - 2 - (value / highest) * (HEIGHT - 4)).toFixed(1)}`,
  );
  return (
    <svg
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={label}
      focusable="false"
    >
      <polygon points={`0,${HEIGHT} ${points.join(" ")} ${WIDTH},${HEIGHT}`} fill="var(--neutral-wash)" />
      <polyline
        points={points.join(" ")}
        fill="none"
        stroke="var(--ink-soft)"
        strokeWidth={1.5}
        strokeLinejoin="round"
      />
    </svg>
  );
}
