import type { ReactNode } from "react";
import type { Pipeline } from "../../api/types";
import { bytes, count, duration, NONE, rate, shortCount } from "../../ui/format";
import classes from "./Flow.module.css";

function memoryOf({ used_memory_bytes: used, maxmemory_bytes: most }: Pipeline["broker"]): string {
  if (used === null) return "memory unknown";
  return most ? `${bytes(used)} of ${bytes(most)} memory` : `${bytes(used)} memory`;
}

/** The pipeline from left to right: what comes in, what waits, what is in work, what goes out. */
export function Flow({ pipeline }: { pipeline: Pipeline }) {
  const { stream, rates, broker, capacity_posts_per_second: capacity } = pipeline;
  const oldest = stream.oldest_unprocessed_seconds;
  return (
    <dl className={classes.flow}>
      <Stage
        name="Coming in"
        value={rate(rates.ingested_per_second)}
        unit="posts/s"
        detail="written to the stream"
      />
      <Stage
        name="Lag"
        value={stream.lag === null ? NONE : shortCount(stream.lag)}
        detail={stream.lag_known ? "not read by any worker yet" : "the broker cannot tell just now"}
      />
      <Stage name="Pending" value={shortCount(stream.pending)} detail="read, not yet acknowledged" />
      <Stage
        name="Classified"
        value={rate(rates.processed_per_second)}
        unit="posts/s"
        detail={capacity === null ? "capacity not measured" : `of ${rate(capacity)} the workers can do`}
      />
      <Stage
        name="Backlog"
        value={shortCount(stream.backlog)}
        detail={oldest === null ? "lag and pending together" : `oldest waits ${duration(oldest)}`}
      />
      <Stage name="Stream" value={shortCount(stream.length)} detail={memoryOf(broker)} />
      <Stage
        name="Dead letters"
        value={count(pipeline.dead_letters)}
        detail={<a href="#dead-letters">see below</a>}
      />
    </dl>
  );
}

interface StageProps {
  name: string;
  value: string;
  unit?: string;
  detail: ReactNode;
}

function Stage({ name, value, unit, detail }: StageProps) {
  return (
    <div className={classes.stage}>
      <dt className={classes.name}>{name}</dt>
      <dd>
        <span className={classes.value}>
          {value}
          {unit && <span className={classes.unit}> {unit}</span>}
        </span>
        <span className={classes.detail}>{detail}</span>
      </dd>
    </div>
  );
}
