import { IconHandThreeFingers } from "@tabler/icons-react";
import type { Feature } from "../../shared/feature";
import { lazily } from "../../ui/lazily";
import { ApplausePanel } from "./ApplausePanel";
import { applauseChannel } from "./channel";

/** A feature as anybody may add one: a page, a live channel, and a panel on the overview. */
export const applause: Feature = {
  name: "applause",
  page: {
    title: "Applause",
    icon: IconHandThreeFingers,
    component: lazily(() => import("./ApplausePage")),
  },
  channels: [applauseChannel],
  overview: { panel: ApplausePanel },
};
