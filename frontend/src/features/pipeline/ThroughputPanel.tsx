import { Skeleton } from "@mantine/core";
import { Suspense, useState } from "react";
import { clock, count, rate } from "../../ui/format";
import { lazily } from "../../ui/lazily";
import { Panel } from "../../ui/Panel";
import { ScrollRegion } from "../../ui/ScrollRegion";
import { Message } from "../../ui/States";
import table from "../../ui/Table.module.css";
import { ViewToggle } from "../../ui/ViewToggle";
import classes from "./PipelinePage.module.css";
import { type PipelineSample, usePipelineSamples } from "./usePipeline";

const ThroughputChart = lazily(() => import("./ThroughputChart"));

export function ThroughputPanel() {
  const samples = usePipelineSamples();
  const [asTable, setAsTable] = useState(false);
  return (
    <Panel
      title="Throughput"
      note="posts per second, since this page was opened"
      actions={
        <>
          <div className={classes.key}>
            <Key name="Incoming" dash="5 3" colour="var(--ink-soft)" />
            <Key name="Classified" colour="var(--ink)" />
          </div>
          <ViewToggle what="throughput" table={asTable} onChange={setAsTable} />
        </>
      }
    >
      {samples.length < 2 && <Message title="Watching…">The line begins with the second sample.</Message>}
      {samples.length >= 2 && asTable && <ThroughputTable samples={samples} />}
      {samples.length >= 2 && !asTable && (
        <div className={classes.chart}>
          <Suspense fallback={<Skeleton height="100%" />}>
            <ThroughputChart samples={samples} />
          </Suspense>
        </div>
      )}
    </Panel>
  );
}

function Key({ name, dash, colour }: { name: string; dash?: string; colour: string }) {
  return (
    <span>
      <svg width="22" height="8" aria-hidden="true" focusable="false">
        <line x1="0" x2="22" y1="4" y2="4" stroke={colour} strokeWidth="2" strokeDasharray={dash} />
      </svg>
      {name}
    </span>
  );
}

function ThroughputTable({ samples }: { samples: readonly PipelineSample[] }) {
  return (
    <div className={classes.tableBox}>
      <ScrollRegion label="Throughput in numbers">
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col" className={table.number}>
                Incoming
              </th>
              <th scope="col" className={table.number}>
                Classified
              </th>
              <th scope="col" className={table.number}>
                Backlog
              </th>
            </tr>
          </thead>
          <tbody>
            {samples.toReversed().map(({ at, ingested, processed, backlog }) => (
              <tr key={at}>
                <td>{clock(at)}</td>
                <td className={table.number}>{rate(ingested)}</td>
                <td className={table.number}>{rate(processed)}</td>
                <td className={table.number}>{count(backlog)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </div>
  );
}
