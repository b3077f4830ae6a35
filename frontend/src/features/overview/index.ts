import { IconChartPie } from "@tabler/icons-react";
import { countsChannel } from "../../shared/counts/channel";
import type { Feature } from "../../shared/feature";
import { lazily } from "../../ui/lazily";

export const overview: Feature = {
  name: "overview",
  page: {
    title: "Overview",
    icon: IconChartPie,
    component: lazily(() => import("./OverviewPage")),
  },
  channels: [countsChannel],
};
