import { IconSend } from "@tabler/icons-react";
import type { Feature } from "../../shared/feature";
import { lazily } from "../../ui/lazily";

export const tryIt: Feature = {
  name: "try",
  page: { title: "Try it", icon: IconSend, component: lazily(() => import("./TryPage")) },
};
