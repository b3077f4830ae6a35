import { IconAlertTriangle, IconCircleCheck, IconUrgent } from "@tabler/icons-react";
import type { Pipeline } from "../../api/types";
import { healthOf } from "./health";
import classes from "./PipelinePage.module.css";

const ICONS = { good: IconCircleCheck, warn: IconAlertTriangle, bad: IconUrgent };

export function HealthBanner({ pipeline, stale }: { pipeline: Pipeline; stale: boolean }) {
  const { tone, title, detail } = healthOf(pipeline);
  const Icon = ICONS[tone];
  return (
    <section className={classes.banner} data-tone={stale ? "warn" : tone} aria-label="Health">
      <Icon size={26} stroke={1.75} aria-hidden="true" />
      <div>
        <h2>{title}</h2>
        <p>{stale ? "The API does not answer. This is its last answer." : detail}</p>
      </div>
    </section>
  );
}
