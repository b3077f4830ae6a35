import type { Feature } from "../../shared/feature";
import { TermsPanel } from "./TermsPanel";

/** What stands out in the posts of the overview's time. */
export const terms: Feature = {
  name: "terms",
  overview: { panel: TermsPanel },
};
