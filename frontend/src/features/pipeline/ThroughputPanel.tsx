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
import { type Reading, useTrail } from "./usePipeline";

const ThroughputChart = lazily(() => import("./ThroughputChart"));

export function ThroughputPanel() {
  const trail = useTrail();
  const [asTable, setAsTable] = useState(false);
  return (
    <Panel
      title="Throughput"
      note="posts per second, since this page was opened"
      actions={
        <>
          <div className={classes.key}>
            <Key name="Coming in" dash="5 3" colour="var(--ink-soft)" />
            <Key name="Classified" colour="var(--ink)" />
          </div>
          <ViewToggle what="throughput" table={asTable} onChange={setAsTable} />
        </>
      }
    >
      {trail.length < 2 && <Message title="Watching…">The line begins with the second reading.</Message>}
      {trail.length >= 2 && asTable && <ThroughputTable trail={trail} />}
      {trail.length >= 2 && !asTable && (
        <div className={classes.chart}>
          <Suspense fallback={<Skeleton height="100%" />}>
            <ThroughputChart trail={trail} />
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

function ThroughputTable({ trail }: { trail: readonly Reading[] }) {
  return (
    <div className={classes.tableBox}>
      <ScrollRegion label="Throughput in numbers">
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col" className={table.number}>
                Coming in
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
            {trail.toReversed().map(({ at, ingested, processed, backlog }) => (
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
