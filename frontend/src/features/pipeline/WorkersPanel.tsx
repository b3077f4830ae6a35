import { IconAlertTriangle, IconBolt, IconZzz } from "@tabler/icons-react";
import type { Worker, WorkerState } from "../../api/types";
import { count, duration, NONE, rate } from "../../ui/format";
import { Panel } from "../../ui/Panel";
import { ScrollRegion } from "../../ui/ScrollRegion";
import { Message } from "../../ui/States";
import table from "../../ui/Table.module.css";
import classes from "./PipelinePage.module.css";

const STATES: Record<WorkerState, { name: string; icon: typeof IconBolt }> = {
  active: { name: "Active", icon: IconBolt },
  idle: { name: "Idle", icon: IconZzz },
  stalled: { name: "Stalled", icon: IconAlertTriangle },
};

export function WorkersPanel({ workers }: { workers: readonly Worker[] }) {
  return (
    <Panel title="Workers" note={workers.length > 0 && `${workers.length} in the group`}>
      {workers.length === 0 ? (
        <Message title="No worker has joined yet">Posts wait in the stream until one does.</Message>
      ) : (
        <ScrollRegion label="All workers">
          <table className={table.table}>
            <thead>
              <tr>
                <th scope="col">Worker</th>
                <th scope="col">State</th>
                <th scope="col" className={table.number}>
                  Posts/s
                </th>
                <th scope="col" className={table.number}>
                  Pending
                </th>
                <th scope="col" className={table.number}>
                  Last read
                </th>
              </tr>
            </thead>
            <tbody>
              {workers.map(({ name, state, posts_per_second, pending, idle_seconds }) => {
                const { name: word, icon: Icon } = STATES[state];
                return (
                  <tr key={name}>
                    <th scope="row" className={classes.name}>
                      {name}
                    </th>
                    <td>
                      <span className={classes.state} data-state={state}>
                        <Icon size={16} aria-hidden="true" />
                        {word}
                      </span>
                    </td>
                    <td className={table.number}>
                      {posts_per_second === null ? NONE : rate(posts_per_second)}
                    </td>
                    <td className={table.number}>{count(pending)}</td>
                    <td className={table.number}>{duration(idle_seconds)} ago</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </Panel>
  );
}
