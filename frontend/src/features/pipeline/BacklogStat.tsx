import { Link } from "react-router";
import { isStatus } from "../../api/problem";
import { duration, NONE, shortCount } from "../../ui/format";
import { Sparkline } from "../../ui/Sparkline";
import { Stat } from "../../ui/Stat";
import { usePipeline, usePipelineSamples } from "./usePipeline";

/** How many posts wait to be classified, and a sparkline of the last minutes. */
export function BacklogStat() {
  const pipeline = usePipeline();
  const samples = usePipelineSamples();
  const stream = pipeline.data?.stream;
  const oldest = stream?.oldest_unprocessed_seconds ?? null;
  let detail = "waiting to be classified";
  if (isStatus(pipeline.error, 404)) detail = "not available here";
  else if (stream && oldest !== null && stream.backlog > 0)
    detail = `the oldest has waited ${duration(oldest)}`;
  return (
    <Stat
      name="Backlog"
      value={stream ? shortCount(stream.backlog) : NONE}
      unit={stream ? "posts" : undefined}
      detail={<Link to="/pipeline">{detail}</Link>}
    >
      <Sparkline values={samples.map(({ backlog }) => backlog)} label="Backlog over the last minutes" />
    </Stat>
  );
}
