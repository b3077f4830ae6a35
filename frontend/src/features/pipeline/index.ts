import { IconActivity } from "@tabler/icons-react";
import type { Feature } from "../../shared/feature";
import { lazily } from "../../ui/lazily";
import { BacklogStat } from "./BacklogStat";

export const pipeline: Feature = {
  name: "pipeline",
  page: {
    title: "Pipeline",
    icon: IconActivity,
    component: lazily(() => import("./PipelinePage")),
  },
  overview: { stat: BacklogStat },
};
