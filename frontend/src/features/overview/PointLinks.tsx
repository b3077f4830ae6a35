import { type MouseEvent, useRef } from "react";
import { useNavigate } from "react-router";
import { usePlotArea, useXAxisScale, useYAxisScale } from "recharts";
import { LABELS } from "../../api/types";
import { postsLink } from "../../shared/posts/link";
import { nearest } from "./nearest";
import type { Row } from "./TrendChart";

const REACH = 14;

/**
 * A click on a point of the lines leads to its posts. One area takes the clicks, because Recharts draws
 * the points anew as posts come, and a click on an element that goes before the button is up is lost.
 * Where the button went down counts, for the points may move meanwhile.
 */
export function PointLinks({ rows }: { rows: readonly Row[] }) {
  const navigate = useNavigate();
  const pressed = useRef<ReturnType<typeof pointUnder>>(null);
  const area = usePlotArea();
  const x = useXAxisScale();
  const y = useYAxisScale();
  if (!area || !x || !y) return null;

  function pointUnder(event: MouseEvent<SVGRectElement>) {
    const box = event.currentTarget.getBoundingClientRect();
    const points = rows.flatMap((row) =>
      LABELS.map((label) => ({ row, label, x: Number(x?.(row.start)), y: Number(y?.(row[label])) })),
    );
    const left = (area?.x ?? 0) - REACH;
    const top = (area?.y ?? 0) - REACH;
    return nearest(points, event.clientX - box.left + left, event.clientY - box.top + top, REACH);
  }

  function onClick() {
    if (!pressed.current) return;
    const { label, row } = pressed.current;
    navigate(postsLink({ label, from: row.start, to: row.start + row.seconds * 1000 }));
  }

  return (
    // biome-ignore lint/a11y: the links in the trend's table are the keyboard's way to the same posts.
    <rect
      x={area.x - REACH}
      y={area.y - REACH}
      width={area.width + 2 * REACH}
      height={area.height + 2 * REACH}
      fill="none"
      pointerEvents="all"
      onMouseDown={(event) => {
        pressed.current = pointUnder(event);
      }}
      onClick={onClick}
      onMouseMove={(event) => {
        event.currentTarget.style.cursor = pointUnder(event) ? "pointer" : "";
      }}
    />
  );
}
