import { Link } from "react-router";
import { isStatus } from "../../api/problem";
import { duration, NONE, shortCount } from "../../ui/format";
import { Sparkline } from "../../ui/Sparkline";
import { usePipeline, useTrail } from "../pipeline/usePipeline";
import { Figure } from "./Figure";

/** How many posts wait to be classified, with the last minutes' course. */
export function BacklogFigure() {
  const pipeline = usePipeline();
  const trail = useTrail();
  const stream = pipeline.data?.stream;
  const oldest = stream?.oldest_unprocessed_seconds ?? null;
  let detail = "waiting to be classified";
  if (isStatus(pipeline.error, 404)) detail = "not available here";
  else if (stream && oldest !== null && stream.backlog > 0) detail = `oldest waits ${duration(oldest)}`;
  return (
    <Figure
      name="Backlog"
      value={stream ? shortCount(stream.backlog) : NONE}
      unit={stream ? "posts" : undefined}
      detail={<Link to="/pipeline">{detail}</Link>}
    >
      <Sparkline values={trail.map((reading) => reading.backlog)} label="Backlog over the last minutes" />
    </Figure>
  );
}
