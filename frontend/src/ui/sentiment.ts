import type { Label } from "../api/types";

export const LABEL_NAMES: Record<Label, string> = {
  positive: "Positive",
  neutral: "Neutral",
  negative: "Negative",
};

/** CSS colours by label; see tokens.css for why these three. */
export const LABEL_COLOURS: Record<Label, string> = {
  positive: "var(--positive)",
  neutral: "var(--neutral)",
  negative: "var(--negative)",
};

/** Stroke patterns by label, so that lines differ without colour too. */
export const LABEL_DASHES: Record<Label, string | undefined> = {
  positive: undefined,
  neutral: "2 4",
  negative: "8 3",
};
