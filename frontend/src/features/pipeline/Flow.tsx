import type { Pipeline } from "../../api/types";
import { bytes, count, duration, NONE, rate, shortCount } from "../../ui/format";
import { Stat, StatList } from "../../ui/Stat";

function memoryOf({ used_memory_bytes: used, maxmemory_bytes: most }: Pipeline["broker"]): string {
  if (used === null) return "memory unknown";
  return most ? `${bytes(used)} of ${bytes(most)} memory` : `${bytes(used)} memory`;
}

/** The pipeline from left to right: incoming, waiting, being processed, stored. */
export function Flow({ pipeline }: { pipeline: Pipeline }) {
  const { stream, rates, broker, capacity_posts_per_second: capacity } = pipeline;
  const oldest = stream.oldest_unprocessed_seconds;
  return (
    <StatList>
      <Stat
        name="Incoming"
        value={rate(rates.ingested_per_second)}
        unit="posts/s"
        detail="written to the stream"
      />
      <Stat
        name="Lag"
        value={stream.lag === null ? NONE : shortCount(stream.lag)}
        detail={stream.lag_known ? "not read by any worker yet" : "the broker cannot tell it at the moment"}
      />
      <Stat name="Pending" value={shortCount(stream.pending)} detail="read, not yet acknowledged" />
      <Stat
        name="Classified"
        value={rate(rates.processed_per_second)}
        unit="posts/s"
        detail={
          capacity === null ? "capacity not measured" : `of ${rate(capacity)} that the workers can process`
        }
      />
      <Stat
        name="Backlog"
        value={shortCount(stream.backlog)}
        detail={oldest === null ? "lag plus pending" : `the oldest has waited ${duration(oldest)}`}
      />
      <Stat name="Stream" value={shortCount(stream.length)} detail={memoryOf(broker)} />
      <Stat
        name="Dead letters"
        value={count(pipeline.dead_letters)}
        detail={<a href="#dead-letters">see below</a>}
      />
    </StatList>
  );
}
