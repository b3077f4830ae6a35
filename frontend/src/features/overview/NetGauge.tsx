const WIDTH = 96;
const HALF = WIDTH / 2;

/** Net sentiment as a bar from the middle to the right (positive) or to the left (negative). */
export function NetGauge({ value }: { value: number | null }) {
  const length = Math.abs(value ?? 0) * HALF;
  const positive = (value ?? 0) >= 0;
  return (
    <svg width={WIDTH} height={18} viewBox={`0 0 ${WIDTH} 18`} aria-hidden="true" focusable="false">
      <rect x={0} y={6} width={WIDTH} height={6} rx={3} fill="var(--line)" />
      {value !== null && (
        <rect
          x={positive ? HALF : HALF - length}
          y={6}
          width={Math.max(length, 1)}
          height={6}
          fill={positive ? "var(--positive)" : "var(--negative)"}
        />
      )}
      <rect x={HALF - 0.75} y={2} width={1.5} height={14} fill="var(--ink)" />
    </svg>
  );
}
