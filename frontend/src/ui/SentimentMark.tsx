import type { Label } from "../api/types";
import { LABEL_COLOURS } from "./sentiment";

const SHAPES: Record<Label, string> = {
  positive: "M5 1 9.6 9H.4Z",
  neutral: "M5 1.4a3.6 3.6 0 1 1 0 7.2 3.6 3.6 0 0 1 0-7.2Z",
  negative: "M5 9 .4 1h9.2Z",
};

/** The label's shape in its colour: up, round, down. Decorative: the label's name is beside it. */
export function SentimentMark({ label, size = 10 }: { label: Label; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 10 10" aria-hidden="true" focusable="false">
      <path d={SHAPES[label]} fill={LABEL_COLOURS[label]} />
    </svg>
  );
}
