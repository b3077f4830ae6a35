import { Page } from "../../ui/Page";
import { PageSkeleton } from "../../ui/PageSkeleton";
import { Panel } from "../../ui/Panel";
import { ErrorState } from "../../ui/States";
import { DeadLetters } from "./DeadLetters";
import { Flow } from "./Flow";
import { HealthBanner } from "./HealthBanner";
import classes from "./PipelinePage.module.css";
import { SourcesPanel } from "./SourcesPanel";
import { ThroughputPanel } from "./ThroughputPanel";
import { usePipeline } from "./usePipeline";
import { WorkersPanel } from "./WorkersPanel";

export default function PipelinePage() {
  const { data, error, refetch } = usePipeline();
  return (
    <Page title="Pipeline">
      {data && (
        <>
          <HealthBanner pipeline={data} stale={error !== null} />
          <Flow pipeline={data} />
          <div className={classes.middle}>
            <ThroughputPanel />
            <WorkersPanel workers={data.workers} />
          </div>
          <SourcesPanel sources={data.sources} />
        </>
      )}
      {!data && error && (
        <Panel title="State">
          <ErrorState what="The pipeline's state" error={error} retry={() => void refetch()} />
        </Panel>
      )}
      {!data && !error && <PageSkeleton />}
      <DeadLetters />
    </Page>
  );
}
